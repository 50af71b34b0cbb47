// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers of a containerd that the test starts. */
@Tag("runtime")
class ContainerdRuntimeTest {
  private static final String NAMESPACE = "igtest";

  @TempDir Path folder;
  private final RecordingListener listener = new RecordingListener();
  private final String id = "igtest-ctr-" + ProcessHandle.current().pid();
  private Containerd containerd;
  private CollectionOptions options;

  @BeforeEach
  void startContainerd() throws Exception {
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox", "true"), Map.of());
    containerd = Containerd.start(folder, "disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n");
    options = containerd.options();
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
      containerd.close();
    }
  }

  private void ctr(String... arguments) throws IOException, InterruptedException {
    containerd.ctr(NAMESPACE, arguments);
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

  @Test
  void learnsImageAndLabelsFromContainerdAfterTheStart() throws Exception {
    Path image = BusyboxImage.make(folder, "localhost/igtest:1");
    ctr("images", "import", image.toString());
    RecordingListener labelled = new RecordingListener();
    ContainerSelector byLabel =
        ContainerSelector.ALL_CONTAINERS.withLabels(Map.of("igtest", ValueList.parse(id)));
    try (ContainerCollection collection =
            ContainerCollection.start(new HostFilesystem(Path.of("/")), options);
        Subscription all =
            collection.subscribe(ContainerSelector.ofNames(ValueList.parse(id)), listener);
        Subscription some = collection.subscribe(byLabel, labelled)) {
      assertThat(all).isNotNull();
      assertThat(some).isNotNull();
      ctr("run", "--detach", "--label", "igtest=" + id, "localhost/igtest:1", id);
      ContainerInfo first = listener.await("added", id).container();
      assertThat(first.runtime().imageName()).as("it is on no disk").isEmpty();
      ContainerInfo known = labelled.await("added", id).container();
      assertThat(known.mountNs()).isEqualTo(first.mountNs());
      assertThat(known.runtime().imageName()).isEqualTo("localhost/igtest:1");
      assertThat(known.runtime().imageDigest()).matches("sha256:[0-9a-f]{64}");
      assertThat(known.runtime().labels()).containsEntry("igtest", id);
      assertThat(collection.byMountNs(first.mountNs().inode(), first.mountNs().uniqueId()))
          .isEqualTo(known);
      assertThat(collection.warnings()).isEmpty();
    }
    try (ContainerCollection later =
        ContainerCollection.start(new HostFilesystem(Path.of("/")), options.withoutBirths())) {
      assertThat(later.awaitEngines(10_000)).isTrue();
      assertThat(later.containers()).filteredOn(byLabel::matches).hasSize(1);
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
