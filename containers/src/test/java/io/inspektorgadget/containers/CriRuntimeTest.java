// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.engine.CriPods;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that are made as the kubelet makes them, by containerd's interface for it. */
@Tag("runtime")
class CriRuntimeTest {
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));
  private static final String IMAGE = "localhost/igtest:1";
  private static final String[] SLEEP = {"/bin/busybox", "sleep", "1000"};
  private static final long LIMIT_MS = 20_000;

  @TempDir Path folder;
  private final String podName = "igtest-pod-" + ProcessHandle.current().pid();
  private final RecordingListener listener = new RecordingListener();
  private Containerd containerd;
  private CriPods pods;

  @BeforeEach
  void startContainerd() throws Exception {
    Path image = BusyboxImage.make(folder, IMAGE);
    containerd =
        Containerd.start(
            folder,
            """
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "%s"
              restrict_oom_score_adj = true
              stream_server_port = "0"
            [plugins."io.containerd.grpc.v1.cri".cni]
              conf_dir = "%s/no-plug-ins"
            """
                .formatted(IMAGE, folder));
    containerd.ctr("k8s.io", "images", "import", image.toString());
    pods = new CriPods(containerd.socket());
  }

  @AfterEach
  void stopContainerd() throws Exception {
    try {
      pods.close();
    } finally {
      containerd.close();
    }
  }

  private ContainerSelector ofPod() {
    return new ContainerSelector(
        false,
        ValueList.ANY,
        ValueList.ANY,
        ValueList.parse("containerd"),
        ValueList.parse(podName),
        ValueList.parse("shop"),
        Map.of());
  }

  private String runPod(boolean hostPid) throws Exception {
    return pods.run(
        podName,
        "shop",
        Map.of("tier", podName, "io.kubernetes.pod.name", podName, "app", "web"),
        hostPid);
  }

  @Test
  void namesContainersOfPodsBeforeTheirFirstInstruction() throws Exception {
    RecordingListener labelled = new RecordingListener();
    ContainerSelector byLabel =
        ContainerSelector.ALL_CONTAINERS.withLabels(Map.of("tier", ValueList.parse(podName)));
    try (ContainerCollection collection = ContainerCollection.start(HOST, containerd.options());
        Subscription ofPod = collection.subscribe(ofPod(), listener);
        Subscription ofLabel = collection.subscribe(byLabel, labelled)) {
      assertThat(ofPod).isNotNull();
      assertThat(ofLabel).isNotNull();
      String pod = runPod(false);
      String web = pods.start(pod, "web", IMAGE, false, SLEEP);
      ContainerInfo first = listener.await("added", web).container();
      check(first, "web");
      // The labels of a pod are on no disk: a container begins to match when they are known.
      ContainerInfo known = labelled.await("added", web).container();
      assertThat(known.mountNs()).isEqualTo(first.mountNs());
      checkDetails(known);
      String side = pods.start(pod, "side", IMAGE, false, SLEEP);
      check(listener.await("added", side).container(), "side");
      pods.execute(web, "/bin/busybox", "true");
      labelled.await("added", side);
      assertThat(listener.all()).as("neither the sandbox nor who enters").hasSize(2);
      assertThat(collection.warnings()).isEmpty();
    }
  }

  @Test
  void findsPodsThatRunAlready() throws Exception {
    String web = pods.start(runPod(false), "web", IMAGE, false, SLEEP);
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, containerd.options().withoutBirths())) {
      List<ContainerInfo> found =
          collection.containers().stream().filter(ofPod()::matches).toList();
      assertThat(found).extracting(ContainerInfo::id).containsExactly(web);
      check(found.getFirst(), "web");
      assertThat(collection.awaitEngines(LIMIT_MS)).isTrue();
      checkDetails(
          collection.containers().stream().filter(ofPod()::matches).findFirst().orElseThrow());
      assertThat(collection.warnings()).isEmpty();
    }
  }

  @Test
  void knowsContainersThatShareTheHostsProcesses() throws Exception {
    try (ContainerCollection collection = ContainerCollection.start(HOST, containerd.options());
        Subscription subscription = collection.subscribe(ofPod(), listener)) {
      assertThat(subscription).isNotNull();
      String web = pods.start(runPod(true), "web", IMAGE, true, SLEEP);
      ContainerInfo container = listener.await("added", web).container();
      check(container, "web");
      Path process = Path.of("/proc/" + container.pid());
      assertThat(Files.readSymbolicLink(process.resolve("ns/pid")))
          .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
      assertThat(Files.readString(process.resolve("cmdline"))).contains("busybox");
      assertThat(collection.byCgroup(container.cgroup().id())).isNotNull();
    }
  }

  private void check(ContainerInfo container, String name) {
    assertThat(container.name()).isEqualTo(name);
    assertThat(container.runtime().runtimeName()).isEqualTo("containerd");
    assertThat(container.runtime().imageName()).isEqualTo(IMAGE);
    assertThat(container.pod().podName()).isEqualTo(podName);
    assertThat(container.pod().namespace()).isEqualTo("shop");
    assertThat(container.pod().podUid()).isEqualTo("uid-" + podName);
    assertThat(container.pod().containerName()).isEqualTo(name);
    assertThat(container.bundle()).endsWith("/k8s.io/" + container.id());
    assertThat(container.cgroup().path()).endsWith("/" + container.id());
  }

  private void checkDetails(ContainerInfo container) {
    check(container, "web");
    assertThat(container.pod().labels())
        .containsExactlyInAnyOrderEntriesOf(Map.of("tier", podName, "app", "web"));
    assertThat(container.runtime().labels()).containsEntry("io.kubernetes.container.name", "web");
  }
}
