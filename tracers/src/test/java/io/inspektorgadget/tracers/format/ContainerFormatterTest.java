// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.tracers.event.RecordView;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerFormatterTest {
  private static final PodInfo POD =
      new PodInfo("shop", "web-0", "u", "nginx", Map.of("b", "2", "a", "1"), "StatefulSet", "web");
  private static final ContainerFormatter.NodeFacts NODE =
      new ContainerFormatter.NodeFacts("node-1", 900);

  private static ContainerInfo container(String name, long netNsId, PodInfo pod) {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo("containerd", "abc123", name, "nginx:1", "sha256:9", 77),
        42,
        new ContainerInfo.MountNs(800, 1),
        netNsId,
        new ContainerInfo.Cgroup(5, "/x"),
        "/bundle",
        pod,
        Map.of());
  }

  private static RecordView viewOf(ContainerInfo container) {
    RecordView view = Formatted.numberView(0);
    view.assign(container);
    return view;
  }

  @ParameterizedTest
  @CsvSource({
    "runtime.runtimeName, containerd",
    "runtime.containerId, abc123",
    "runtime.containerName, web",
    "runtime.containerPid, 42",
    "runtime.containerImageName, nginx:1",
    "runtime.containerImageDigest, sha256:9",
    "runtime.containerStartedAt, 77",
    "k8s.node, node-1",
    "k8s.namespace, shop",
    "k8s.podName, web-0",
    "k8s.containerName, nginx",
    "k8s.podLabels, 'a=1,b=2'",
    "k8s.owner.kind, StatefulSet",
    "k8s.owner.name, web"
  })
  void facts(String field, String expected) {
    ContainerFormatter formatter = new ContainerFormatter(field, NODE);
    RecordView view = viewOf(container("web", 1, POD));
    assertThat(formatter.isPresent(view)).isTrue();
    assertThat(Formatted.text(formatter, view)).isEqualTo(expected);
  }

  @Test
  void anEventOfTheHostHasNone() {
    ContainerFormatter formatter = new ContainerFormatter("runtime.containerName", NODE);
    RecordView view = Formatted.numberView(0);
    assertThat(formatter.isPresent(view)).isFalse();
    assertThat(Formatted.text(formatter, view)).isEmpty();
    assertThat(new ContainerFormatter("runtime.containerPid", NODE).number(view)).isZero();
  }

  @Test
  void aContainerWithoutPodHasNoPodFields() {
    RecordView view = viewOf(container("web", 1, PodInfo.NONE));
    assertThat(new ContainerFormatter("k8s.podName", NODE).isPresent(view)).isFalse();
    assertThat(new ContainerFormatter("runtime.containerName", NODE).isPresent(view)).isTrue();
  }

  @Test
  void eachEventHasItsOwnContainer() {
    ContainerFormatter formatter = new ContainerFormatter("runtime.containerName", NODE);
    assertThat(Formatted.text(formatter, viewOf(container("a", 1, POD)))).isEqualTo("a");
    assertThat(Formatted.text(formatter, viewOf(container("b", 1, POD)))).isEqualTo("b");
    assertThat(Formatted.text(formatter, viewOf(container("", 1, POD)))).isEqualTo("abc123");
  }

  @Test
  void numbers() {
    RecordView view = viewOf(container("web", 900, POD));
    assertThat(new ContainerFormatter("runtime.containerPid", NODE).number(view)).isEqualTo(42);
    assertThat(new ContainerFormatter("runtime.containerStartedAt", NODE).number(view))
        .isEqualTo(77);
    ContainerFormatter hostNetwork = new ContainerFormatter("k8s.hostnetwork", NODE);
    assertThat(hostNetwork.number(view)).isEqualTo(1);
    assertThat(hostNetwork.number(viewOf(container("web", 901, POD)))).isZero();
  }

  @Test
  void unknownFactsAreRefused() {
    assertThatThrownBy(() -> new ContainerFormatter("k8s.weather", NODE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("reading the schema: no container field k8s.weather");
  }
}
