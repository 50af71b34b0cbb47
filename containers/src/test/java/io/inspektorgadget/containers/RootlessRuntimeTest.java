// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Containers of a user who is nobody in particular: runc, or podman with crun, runs without
 * privileges and makes a user namespace. Copies of both, so that no other start is held.
 */
@Tag("runtime")
@Timeout(120)
class RootlessRuntimeTest {
  private static final String NOBODY = "65534";
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  @TempDir Path folder;
  private Path home = Path.of("");
  private Path runc = Path.of("");
  private final String prefix = "igrootless-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  /** A folder that this user can reach; that of a test belongs to root alone. */
  @BeforeEach
  void makeHome() throws Exception {
    home = Files.createTempDirectory("igrootless");
    runc = Files.createDirectory(home.resolve("runtimes")).resolve("runc");
    Files.copy(Path.of("/usr/sbin/runc"), runc);
    assertThat(runc.toFile().setExecutable(true, false)).isTrue();
  }

  @AfterEach
  void deleteContainers() throws Exception {
    for (String id : started) {
      runc("delete", "--force", id);
    }
    // Podman cleans up after a container by a process of its own, which writes here meanwhile.
    Conditions.await("the end of what works in " + home, () -> !isInUse(home.toString()));
    Commands.run(folder, "rm", "-rf", home.toString());
  }

  private static boolean isInUse(String path) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(path));
  }

  private void runc(String... arguments) throws Exception {
    List<String> command = asNobody(runc.toString(), "--root", home.resolve("state").toString());
    command.addAll(List.of(arguments));
    Commands.run(folder, command.toArray(new String[0]));
  }

  private List<String> asNobody(String... command) {
    List<String> words =
        new ArrayList<>(
            List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "env"));
    words.addAll(List.of("XDG_RUNTIME_DIR=" + home, "HOME=" + home));
    words.addAll(List.of(command));
    return words;
  }

  private void podman(Path crun, String... arguments) throws Exception {
    List<String> command = asNobody("podman", "--root", home + "/root", "--runroot", home + "/run");
    command.addAll(List.of("--tmpdir", home + "/tmp", "--storage-driver", "vfs"));
    command.addAll(List.of("--cgroup-manager", "cgroupfs", "--events-backend", "file"));
    command.addAll(List.of("--runtime", crun.toString()));
    command.addAll(List.of(arguments));
    Commands.run(home, Commands.onePlainCgroupTree(command.toArray(new String[0])));
  }

  private Path bundle(String name) throws Exception {
    Path bundle =
        BusyboxBundle.make(home, name, List.of("/bin/busybox", "sleep", "1000"), Map.of()).folder();
    Path file = bundle.resolve("config.json");
    String mapping = "[{\"containerID\":0,\"hostID\":" + NOBODY + ",\"size\":1}]";
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "\"linux\":{\"namespaces\":[",
                "\"linux\":{\"uidMappings\":"
                    + mapping
                    + ",\"gidMappings\":"
                    + mapping
                    + ",\"namespaces\":[{\"type\":\"user\"},"));
    Commands.run(folder, "chown", "-R", NOBODY + ":" + NOBODY, home.toString());
    return bundle;
  }

  @ParameterizedTest(name = "lineage {0}, held {1}")
  @CsvSource({"true, false", "false, true", "true, true"})
  void areToldUnderTheirNamesAndWhenTheyEnd(boolean follows, boolean holds) throws Exception {
    try (ContainerCollection collection = collection(follows, holds);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Conditions.await("holding", () -> !holds || isHeld(collection, runc));
      String run = prefix + "run";
      Path bundle = bundle("run");
      started.add(run);
      runc("run", "--detach", "--bundle", bundle.toString(), run);
      check(listener.await("added", run).container(), bundle);
      String created = prefix + "created";
      Path other = bundle("created");
      started.add(created);
      runc("create", "--bundle", other.toString(), created);
      runc("start", created);
      check(listener.await("added", created).container(), other);
      runc("delete", "--force", run);
      started.remove(run);
      listener.await("removed", run);
      assertThat(listener.all()).hasSize(3);
      assertThat(collection.warnings()).isEmpty();
    }
  }

  @ParameterizedTest(name = "lineage {0}, held {1}")
  @CsvSource({"true, false", "false, true", "true, true"})
  void ofPodmanToo(boolean follows, boolean holds) throws Exception {
    Path crun = runc.resolveSibling("crun");
    Files.copy(Path.of("/usr/bin/crun"), crun);
    assertThat(crun.toFile().setExecutable(true, false)).isTrue();
    Path image = home.resolve("image.tar");
    BusyboxBundle.make(home, "unused", List.of("/bin/busybox"), Map.of());
    Commands.run(folder, "tar", "-C", home + "/rootfs", "-cf", image.toString(), ".");
    Commands.run(folder, "chown", "-R", NOBODY + ":" + NOBODY, home.toString());
    podman(crun, "import", image.toString(), "localhost/igtest:1");
    String name = prefix + "podman";
    try (ContainerCollection collection = collection(follows, holds);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Conditions.await("holding", () -> !holds || isHeld(collection, crun));
      List<String> run = new ArrayList<>(List.of("run", "--detach", "--cgroups", "disabled"));
      run.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"));
      run.addAll(List.of("--network", "none", "--name", name, "localhost/igtest:1"));
      run.addAll(List.of("/bin/busybox", "sleep", "1000"));
      podman(crun, run.toArray(new String[0]));
      ContainerInfo container =
          listener.await("added", told -> told.name().equals(name)).container();
      assertThat(container.runtime().runtimeName()).isEqualTo("podman");
      assertThat(container.runtime().imageName()).isEqualTo("localhost/igtest:1");
      assertThat(container.id()).matches("[0-9a-f]{64}");
      podman(crun, "rm", "--force", "--time", "0", name);
      listener.await("removed", container.id());
      assertThat(listener.all()).hasSize(2);
    }
  }

  private ContainerCollection collection(boolean follows, boolean holds) {
    return ContainerCollection.start(
        HOST,
        CollectionOptions.DEFAULTS
            .withRuntimesOnly(List.of(home.resolve("runtimes").toString()), List.of())
            .withMechanisms(follows, holds));
  }

  private static boolean isHeld(ContainerCollection collection, Path binary) throws IOException {
    return collection.heldBinaries().contains(binary) && GateMarks.has(binary);
  }

  private static void check(ContainerInfo container, Path bundle) throws IOException {
    assertThat(container.runtime().runtimeName()).isEqualTo("runc");
    assertThat(container.bundle()).isEqualTo(bundle.toString());
    assertThat(container.mountNs().uniqueId()).isNotZero();
    String mountNs =
        Files.readSymbolicLink(Path.of("/proc/" + container.pid() + "/ns/mnt")).toString();
    assertThat(mountNs).isEqualTo("mnt:[" + container.mountNs().inode() + "]");
  }
}
