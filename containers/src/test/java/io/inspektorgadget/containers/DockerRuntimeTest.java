// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Engine;
import io.inspektorgadget.containers.engine.Engines;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
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

/** Real containers of a Docker daemon that the test starts. */
@Tag("runtime")
class DockerRuntimeTest {
  private static final String IMAGE = "igtest:1";
  private static final int START_ATTEMPTS = 400;
  private static final long START_PAUSE_NS = 50_000_000;
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  @TempDir Path folder;
  private final String prefix = "igtest-docker-" + ProcessHandle.current().pid() + "-";
  private final RecordingListener listener = new RecordingListener();
  private final List<String> started = new ArrayList<>();
  private Process daemon;
  private CollectionOptions options;

  @BeforeEach
  void startDaemon() throws Exception {
    daemon =
        Commands.start(
            folder,
            "dockerd",
            "--iptables=false",
            "--ip6tables=false",
            "--bridge=none",
            "--ip-forward=false",
            "--ip-masq=false",
            "--userland-proxy=false",
            "--storage-driver=overlay2",
            "--exec-opt=native.cgroupdriver=cgroupfs",
            "--data-root=" + folder + "/data",
            "--exec-root=" + folder + "/exec",
            "--pidfile=" + folder + "/pid",
            "--host=unix://" + folder + "/sock");
    options =
        CollectionOptions.DEFAULTS
            .withMechanisms(true, false)
            .withStateFolders(
                List.of(folder + "/exec/runtime-runc/moby"),
                List.of(folder + "/exec/containerd/daemon/io.containerd.runtime.v2.task"));
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox"), Map.of());
    Path archive = folder.resolve("image.tar");
    Commands.run(
        folder, "tar", "-C", folder.resolve("rootfs").toString(), "-cf", archive.toString(), ".");
    awaitDaemon();
    docker("import", archive.toString(), IMAGE);
  }

  private void awaitDaemon() throws Exception {
    for (int attempt = 0; ; attempt++) {
      assertThat(daemon.isAlive() && attempt < START_ATTEMPTS).as("dockerd starts").isTrue();
      if (Files.exists(folder.resolve("sock"))) {
        try {
          docker("version");
          return;
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("docker");
        }
      }
      LockSupport.parkNanos(START_PAUSE_NS);
    }
  }

  @AfterEach
  void stopDaemon() throws Exception {
    try {
      for (String name : started) {
        docker("rm", "--force", name);
      }
    } finally {
      daemon.destroy();
      assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void docker(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/docker", "-H", "unix://" + folder + "/sock"));
    command.addAll(List.of(arguments));
    Commands.run(folder, command.toArray(new String[0]));
  }

  private void start(String name, String... more) throws Exception {
    started.add(prefix + name);
    List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--name", prefix + name));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of(IMAGE, "/bin/busybox", "sleep", "1000"));
    docker(arguments.toArray(new String[0]));
  }

  @Test
  void namesContainersBeforeTheirFirstInstruction() throws Exception {
    ContainerSelector byLabel =
        ContainerSelector.ALL_CONTAINERS.withLabels(Map.of("igtest", ValueList.parse(prefix)));
    try (ContainerCollection collection = ContainerCollection.start(HOST, options);
        Subscription subscription = collection.subscribe(byLabel, listener)) {
      assertThat(subscription).isNotNull();
      start("unlabelled", "--network", "none");
      start("web", "--network", "none", "--label", "igtest=" + prefix);
      ContainerInfo web = listener.await("added", c -> true).container();
      check(web, prefix + "web");
      assertThat(web.runtime().labels()).containsEntry("igtest", prefix);
      start("side", "--network", "container:" + prefix + "web", "--label", "igtest=" + prefix);
      ContainerInfo side = listener.await("added", c -> true).container();
      check(side, prefix + "side");
      assertThat(side.netNsId()).isEqualTo(web.netNsId());
      docker("exec", prefix + "web", "/bin/busybox", "true");
      docker("kill", prefix + "side");
      listener.await("removed", side.id());
      assertThat(listener.all()).as("who enters later is nobody new").hasSize(3);
    }
  }

  @Test
  void findsContainersThatRunAlready() throws Exception {
    start("old", "--network", "none");
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, options.withoutBirths())) {
      List<ContainerInfo> found =
          collection.containers().stream().filter(c -> c.name().equals(prefix + "old")).toList();
      assertThat(found).hasSize(1);
      check(found.getFirst(), prefix + "old");
    }
  }

  @Test
  void tellsWhatIsOnNoDiskThatWeCanRead() throws Exception {
    start("asked", "--network", "none", "--label", "igtest=" + prefix);
    EngineSockets docker = EngineSockets.NONE.withNamed(Engine.DOCKER, folder + "/sock");
    try (ContainerCollection collection = ContainerCollection.start(HOST, options.withoutBirths());
        Engines engines = new Engines(HOST, docker)) {
      ContainerInfo known =
          collection.containers().stream()
              .filter(c -> c.name().equals(prefix + "asked"))
              .findFirst()
              .orElseThrow();
      ContainerInfo bare = bare(known);
      assertThat(engines.mayTell(bare)).isTrue();
      ContainerInfo told = engines.ask(bare).orElseThrow().completing(bare);
      check(told, prefix + "asked");
      assertThat(told.runtime().labels()).containsEntry("igtest", prefix);
      assertThat(engines.ask(withId(known, "0".repeat(64)))).isEmpty();
    }
  }

  private static ContainerInfo bare(ContainerInfo container) {
    return withId(container, container.id());
  }

  /** The same, and nothing is known of it but an id. */
  private static ContainerInfo withId(ContainerInfo container, String id) {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo(container.runtime().runtimeName(), id, "", "", "", 0),
        container.pid(),
        container.mountNs(),
        container.netNsId(),
        container.cgroup(),
        container.bundle(),
        container.pod(),
        container.annotations());
  }

  private static void check(ContainerInfo container, String name) {
    assertThat(container.name()).isEqualTo(name);
    assertThat(container.runtime().runtimeName()).isEqualTo("docker");
    assertThat(container.runtime().imageName()).isEqualTo(IMAGE);
    assertThat(container.id()).matches("[0-9a-f]{64}");
    assertThat(container.cgroup().path()).endsWith("/docker/" + container.id());
  }
}
