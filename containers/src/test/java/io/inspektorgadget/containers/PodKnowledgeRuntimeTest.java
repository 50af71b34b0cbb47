// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.container.ValueList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody else knows of pods reaches the containers that run and those that come. */
@Tag("runtime")
class PodKnowledgeRuntimeTest {
  private static final String UNSHARE =
      "/bin/busybox unshare -m /bin/busybox sleep 1000 & exec /bin/busybox sleep 1000";

  @TempDir Path folder;
  private final String prefix = "igtest-pod-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();

  @AfterEach
  void deleteContainers() throws Exception {
    for (String id : started) {
      Commands.run(folder, "runc", "delete", "--force", id);
    }
  }

  private String start(String name) throws Exception {
    Map<String, String> annotations =
        Map.of(
            "io.kubernetes.cri.container-type", "container",
            "io.kubernetes.cri.container-name", "main",
            "io.kubernetes.cri.sandbox-name", prefix + name,
            "io.kubernetes.cri.sandbox-namespace", "shop");
    List<String> args = List.of("/bin/busybox", "sh", "-c", UNSHARE);
    BusyboxBundle bundle = BusyboxBundle.make(folder, name, args, annotations);
    started.add(prefix + name);
    Commands.run(bundle.folder(), "runc", "run", "--detach", prefix + name);
    return prefix + name;
  }

  /** Of our pods one label is known, and the owner. */
  private UnaryOperator<PodInfo> knowledge(String app) {
    return pod ->
        pod.podName().startsWith(prefix)
            ? new PodInfo(
                pod.namespace(),
                pod.podName(),
                "uid",
                pod.containerName(),
                Map.of("app", app),
                "Deployment",
                "web")
            : pod;
  }

  private static ContainerSelector byLabel(String app) {
    return ContainerSelector.ALL_CONTAINERS.withLabels(Map.of("app", ValueList.parse(app)));
  }

  @Test
  void aFilterByLabelsPicksUpThoseThatBeginToMatch() throws Exception {
    RecordingListener webs = new RecordingListener();
    RecordingListener caches = new RecordingListener();
    CollectionOptions following = CollectionOptions.DEFAULTS.withMechanisms(true, false);
    try (ContainerCollection collection =
            ContainerCollection.start(new HostFilesystem(Path.of("/")), following);
        Subscription ofWebs = collection.subscribe(byLabel(prefix + "web"), webs);
        Subscription ofCaches = collection.subscribe(byLabel(prefix + "cache"), caches)) {
      assertThat(List.of(ofWebs, ofCaches)).hasSize(2);
      String old = start("old");
      Conditions.await(
          "the container and its own namespace are known",
          () -> collection.containers().stream().anyMatch(c -> c.id().equals(old)));
      assertThat(webs.all()).isEmpty();

      collection.completePods(knowledge(prefix + "web"));
      ContainerInfo told = webs.await("added", old).container();
      assertThat(told.pod().podUid()).isEqualTo("uid");
      assertThat(told.pod().ownerKind() + "/" + told.pod().ownerName()).isEqualTo("Deployment/web");
      assertThat(told.pod().containerName()).isEqualTo("main");
      assertThat(collection.byMountNs(told.mountNs().inode(), told.mountNs().uniqueId()))
          .isEqualTo(told);
      webs.await("namespaceAdded", old);

      String young = start("young");
      assertThat(webs.await("added", young).container().pod().labels())
          .containsEntry("app", prefix + "web");

      collection.completePods(knowledge(prefix + "cache"));
      caches.await("added", old);
      webs.await("removed", young);
      assertThat(webs.all())
          .filteredOn(change -> change.container().id().equals(old))
          .extracting(RecordingListener.Change::what)
          .contains("removed", "namespaceRemoved");
    }
  }
}
