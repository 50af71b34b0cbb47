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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers of a containerd that the test starts. */
@Tag("runtime")
class ContainerdRuntimeTest {
  private static final String NAMESPACE = "igtest";
  private static final int START_ATTEMPTS = 200;
  private static final long START_PAUSE_NS = 50_000_000;

  @TempDir Path folder;
  private final RecordingListener listener = new RecordingListener();
  private final String id = "igtest-ctr-" + ProcessHandle.current().pid();
  private Process containerd;
  private CollectionOptions options;

  @BeforeEach
  void startContainerd() throws Exception {
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox", "true"), Map.of());
    Path config = folder.resolve("config.toml");
    Files.writeString(
        config,
        "version = 2\nroot = \"%s/root\"\nstate = \"%s/state\"\n".formatted(folder, folder)
            + "disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n"
            + "[grpc]\n  address = \"%s/sock\"\n".formatted(folder)
            + "[ttrpc]\n  address = \"%s/sock.ttrpc\"\n".formatted(folder));
    containerd = Commands.start(folder, "containerd", "--config", config.toString());
    for (int attempt = 0; !Files.exists(folder.resolve("sock.ttrpc")); attempt++) {
      assertThat(containerd.isAlive() && attempt < START_ATTEMPTS).as("containerd starts").isTrue();
      java.util.concurrent.locks.LockSupport.parkNanos(START_PAUSE_NS);
    }
    options =
        CollectionOptions.DEFAULTS
            .withMechanisms(true, false)
            .withStateFolders(List.of(), List.of(folder + "/state/io.containerd.runtime.v2.task"));
  }

  @AfterEach
  void stopContainerd() throws Exception {
    try {
      ctr("task", "rm", "--force", id);
      ctr("container", "rm", id);
    } catch (IOException e) {
      // A test that failed early has no task to remove; what matters is asserted below.
      assertThat(e).hasMessageContaining("not found");
    } finally {
      containerd.destroy();
      assertThat(containerd.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void ctr(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 5];
    command[0] = "ctr";
    command[1] = "--address";
    command[2] = folder.resolve("sock").toString();
    command[3] = "--namespace";
    command[4] = NAMESPACE;
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    Commands.run(folder, command);
  }

  private void startContainer() throws IOException, InterruptedException {
    String rootfs = folder.resolve("rootfs").toString();
    ctr("run", "--detach", "--rootfs", rootfs, id, "/bin/busybox", "sleep", "1000");
  }

  @Test
  void noticesContainerBeforeItsTaskIsStarted() throws Exception {
    ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(id));
    try (ContainerCollection collection =
            ContainerCollection.start(new HostFilesystem(Path.of("/")), options);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      startContainer();
      check(listener.await("added", id).container());
      ctr("task", "kill", "--signal", "9", id);
      listener.await("removed", id);
    }
  }

  @Test
  void findsContainerThatRunsAlready() throws Exception {
    startContainer();
    try (ContainerCollection collection =
        ContainerCollection.start(new HostFilesystem(Path.of("/")), options.withoutBirths())) {
      ContainerInfo found =
          collection.containers().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
      check(found);
      assertThat(collection.byCgroup(found.cgroup().id())).isEqualTo(found);
    }
  }

  private void check(ContainerInfo container) {
    assertThat(container.id()).isEqualTo(id);
    assertThat(container.name()).isEqualTo(id);
    assertThat(container.runtime().runtimeName()).isEqualTo("containerd");
    assertThat(container.bundle())
        .isEqualTo(folder + "/state/io.containerd.runtime.v2.task/" + NAMESPACE + "/" + id);
    assertThat(container.cgroup().path()).endsWith("/" + NAMESPACE + "/" + id);
    assertThat(container.pid()).isPositive();
    assertThat(container.runtime().startedAtNs()).isPositive();
  }
}
