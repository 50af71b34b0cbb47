// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Engine;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers of podman, with images and state in a folder of the test. */
@Tag("runtime")
class PodmanRuntimeTest {
  private static final String IMAGE = "localhost/igtest:1";
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  private static final long LIMIT_NS = 20_000_000_000L;
  private static final long PAUSE_NS = 20_000_000;

  @TempDir Path folder;
  private final String prefix = "igtest-podman-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  @BeforeEach
  void importImage() throws Exception {
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox"), Map.of());
    Path archive = folder.resolve("image.tar");
    Commands.run(
        folder, "tar", "-C", folder.resolve("rootfs").toString(), "-cf", archive.toString(), ".");
    podman("import", archive.toString(), IMAGE);
  }

  @AfterEach
  void removeContainers() throws Exception {
    // Those that others depend on go last.
    for (String name : started.reversed()) {
      podman("rm", "--force", "--time", "0", name);
    }
    // Each conmon starts another podman at its end, which writes to the folder.
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    while (someProcessNames(folder.toString())) {
      assertThat(System.nanoTime()).as("podman ends").isLessThan(deadlineNs);
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private static boolean someProcessNames(String text) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (commandLine(process).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // It has ended since the folder was listed.
      return "";
    }
  }

  private void podman(String... arguments) throws Exception {
    Commands.run(folder, podmanCommand(arguments));
  }

  private String[] podmanCommand(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                folder + "/root",
                "--runroot",
                folder + "/run",
                "--tmpdir",
                folder + "/tmp",
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
                "--runtime",
                "/usr/bin/crun"));
    command.addAll(List.of(arguments));
    return Commands.onePlainCgroupTree(command.toArray(new String[0]));
  }

  private void start(String name, String network) throws Exception {
    started.add(prefix + name);
    podman(
        "run",
        "--detach",
        "--label",
        "igtest=" + prefix + name,
        "--name",
        prefix + name,
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1024:1024",
        "--network",
        network,
        IMAGE,
        "/bin/busybox",
        "sleep",
        "1000");
  }

  @Test
  void namesContainersBeforeTheirFirstInstruction() throws Exception {
    try (ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      start("web", "none");
      ContainerInfo web = listener.await("added", c -> c.name().equals(prefix + "web")).container();
      check(web);
      start("side", "container:" + prefix + "web");
      ContainerInfo side =
          listener.await("added", c -> c.name().equals(prefix + "side")).container();
      check(side);
      assertThat(side.netNsId()).isEqualTo(web.netNsId());
      assertThat(side.mountNs()).isNotEqualTo(web.mountNs());
      assertThat(collection.byNetNs(web.netNsId())).as("shared by two").isNull();
      podman("exec", prefix + "web", "/bin/busybox", "true");
      assertThat(listener.all()).as("who enters later is nobody new").hasSize(2);
    }
  }

  @Test
  void findsContainersThatRunAlready() throws Exception {
    start("old", "none");
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, CollectionOptions.DEFAULTS.withoutBirths())) {
      List<ContainerInfo> found =
          collection.containers().stream().filter(c -> c.name().equals(prefix + "old")).toList();
      assertThat(found).hasSize(1);
      check(found.getFirst());
    }
  }

  @Test
  void learnsLabelsFromItsService() throws Exception {
    String socket = folder + "/podman.sock";
    CollectionOptions options =
        CollectionOptions.DEFAULTS
            .withMechanisms(true, false)
            .withEngineSockets(EngineSockets.NONE.withNamed(Engine.PODMAN, socket));
    Process service =
        Commands.start(
            folder, podmanCommand("system", "service", "--time", "0", "unix://" + socket));
    try {
      Conditions.await("podman serves", () -> Files.exists(Path.of(socket)));
      ContainerSelector byLabel =
          ContainerSelector.ALL_CONTAINERS.withLabels(
              Map.of("igtest", ValueList.parse(prefix + "web")));
      try (ContainerCollection collection = ContainerCollection.start(HOST, options);
          Subscription subscription = collection.subscribe(byLabel, listener)) {
        assertThat(subscription).isNotNull();
        start("other", "none");
        start("web", "none");
        ContainerInfo web =
            listener.await("added", c -> c.name().equals(prefix + "web")).container();
        check(web);
        assertThat(web.runtime().labels()).containsEntry("igtest", prefix + "web");
        assertThat(collection.byMountNs(web.mountNs().inode(), web.mountNs().uniqueId()))
            .isEqualTo(web);
        assertThat(collection.awaitEngines(20_000)).isTrue();
        assertThat(listener.all()).hasSize(1);
        assertThat(collection.warnings()).isEmpty();
      }
    } finally {
      service.destroy();
      service.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  private void check(ContainerInfo container) {
    assertThat(container.runtime().runtimeName()).isEqualTo("podman");
    assertThat(container.runtime().imageName()).isEqualTo(IMAGE);
    assertThat(container.runtime().imageDigest()).matches("sha256:[0-9a-f]{64}");
    assertThat(container.id()).matches("[0-9a-f]{64}");
    assertThat(container.bundle()).endsWith("-containers/" + container.id() + "/userdata");
    assertThat(container.cgroup().path()).contains(container.id());
  }
}
