// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every selector chooses the same of real containers, whether they come or are there already. */
@Tag("runtime")
class SelectorsRuntimeTest {
  private static final String CRI = "io.kubernetes.cri.";
  private static final List<String> SLEEP = List.of("/bin/busybox", "sleep", "1000");
  private static final List<String> ALL = List.of("web-0", "web-1", "db-0", "plain");

  @TempDir Path folder;
  private final String prefix = "igtest-sel-" + ProcessHandle.current().pid() + "-";

  /** Command lines that delete what was started. */
  private final List<String[]> deletions = new ArrayList<>();

  @AfterEach
  void deleteContainers() throws Exception {
    for (String[] deletion : deletions) {
      Commands.run(folder, deletion);
    }
  }

  private void start(String name, Map<String, String> annotations, boolean byCrun)
      throws Exception {
    String runtime = byCrun ? "crun" : "runc";
    String id = prefix + name;
    BusyboxBundle bundle = BusyboxBundle.make(folder, name, SLEEP, annotations);
    deletions.add(command(byCrun, runtime, "delete", "--force", id));
    Commands.run(bundle.folder(), command(byCrun, runtime, "run", "--detach", id));
  }

  private static String[] command(boolean byCrun, String... words) {
    return byCrun ? Commands.onePlainCgroupTree(words) : words;
  }

  private void startInPod(String pod, String namespace, String image) throws Exception {
    Map<String, String> annotations =
        Map.of(
            CRI + "container-type", "container",
            CRI + "container-name", "main",
            CRI + "sandbox-name", prefix + pod,
            CRI + "sandbox-namespace", prefix + namespace,
            CRI + "image-name", "docker.io/library/" + prefix + image);
    start(pod, annotations, false);
  }

  private ContainerSelector selector(
      String images, String runtimes, String pods, String namespaces) {
    return new ContainerSelector(
        false,
        ValueList.parse(prefix + "*"),
        list(images),
        list(runtimes),
        list(pods),
        list(namespaces),
        Map.of());
  }

  /** A percent sign stands for what the names of this test begin with. */
  private ValueList list(String text) {
    return text.isEmpty() ? ValueList.ANY : ValueList.parse(text.replace("%", prefix));
  }

  private Map<ContainerSelector, List<String>> expectations() {
    Map<ContainerSelector, List<String>> expected = new LinkedHashMap<>();
    expected.put(selector("", "cru*", "", ""), List.of("plain"));
    expected.put(selector("", "!containerd", "", ""), List.of("plain"));
    expected.put(selector("", "containerd,crun", "", ""), ALL);
    expected.put(selector("", "", "%web-*", ""), List.of("web-0", "web-1"));
    expected.put(selector("", "", "%web-*,!%web-1", ""), List.of("web-0"));
    expected.put(selector("", "", "%db-?,%none", ""), List.of("db-0"));
    expected.put(selector("", "", "", "%shop,%none"), List.of("web-0", "db-0"));
    expected.put(selector("", "", "", "!%shop"), List.of("web-1", "plain"));
    expected.put(selector("%nginx", "", "", ""), List.of("web-0", "web-1"));
    expected.put(selector("*/%nginx:1*", "", "", ""), List.of("web-0"));
    expected.put(selector("%nginx", "contain*", "*-1", "%test"), List.of("web-1"));
    expected.put(
        ContainerSelector.ofNames(ValueList.parse(prefix + "*,!" + prefix + "web-*")),
        List.of("db-0", "plain"));
    return expected;
  }

  private List<String> told(RecordingListener listener) {
    return listener.all().stream()
        .filter(change -> change.what().equals("added"))
        .map(change -> change.container().id().substring(prefix.length()))
        .collect(Collectors.toList());
  }

  @Test
  void chooseTheSameOfThoseThatComeAndThoseThatAreThere() throws Exception {
    Map<ContainerSelector, List<String>> expected = expectations();
    List<RecordingListener> coming = new ArrayList<>();
    ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));
    RecordingListener last = new RecordingListener();
    HostFilesystem host = new HostFilesystem(Path.of("/"));
    try (ContainerCollection collection =
        ContainerCollection.start(host, CollectionOptions.DEFAULTS)) {
      for (ContainerSelector selector : expected.keySet()) {
        RecordingListener listener = new RecordingListener();
        coming.add(listener);
        collection.subscribe(selector, listener);
      }
      collection.subscribe(ours, last);
      startInPod("web-0", "shop", "nginx:1.25");
      startInPod("web-1", "test", "nginx:2");
      startInPod("db-0", "shop", "postgres:16");
      start("plain", Map.of(), true);
      for (String name : ALL) {
        // Listeners hear of a container in the order in which they subscribed.
        last.await("added", prefix + name);
      }
      int at = 0;
      for (Map.Entry<ContainerSelector, List<String>> entry : expected.entrySet()) {
        ContainerSelector selector = entry.getKey();
        assertThat(told(coming.get(at++)))
            .as("%s", selector)
            .containsExactlyInAnyOrderElementsOf(entry.getValue());
        RecordingListener there = new RecordingListener();
        collection.subscribe(selector, there);
        assertThat(told(there))
            .as("there: %s", selector)
            .containsExactlyInAnyOrderElementsOf(entry.getValue());
      }
    }
  }
}
