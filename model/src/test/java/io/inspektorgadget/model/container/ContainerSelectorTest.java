// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerSelectorTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final PodInfo POD =
      new PodInfo("shop", "web-0", "u", "nginx", Map.of("app", "web"), "", "");

  private static ContainerInfo container(PodInfo pod, Map<String, String> labels) {
    RuntimeInfo runtime =
        new RuntimeInfo(
            "docker", ID, "my-web", "docker.io/library/nginx:1.25", "sha256:77", 1, labels);
    return new ContainerInfo(
        runtime, 1, new MountNs(1, 1), 2, new Cgroup(3, "/x"), "/b", pod, Map.of());
  }

  private static boolean named(String list) {
    return ContainerSelector.ofNames(ValueList.parse(list)).matches(container(POD, Map.of()));
  }

  private static boolean ofImage(String list) {
    ValueList any = ValueList.ANY;
    ContainerSelector selector =
        new ContainerSelector(false, any, ValueList.parse(list), any, any, any, Map.of());
    return selector.matches(container(POD, Map.of()));
  }

  private static boolean labelled(String key, String list, ContainerInfo container) {
    return ContainerSelector.ALL_CONTAINERS
        .withLabels(Map.of(key, ValueList.parse(list)))
        .matches(container);
  }

  @Test
  void knowsAContainerByEveryNameItHas() {
    assertThat(named("my-web")).isTrue();
    assertThat(named("nginx")).isTrue();
    assertThat(named(ID)).isTrue();
    assertThat(named("other,my-*")).isTrue();
    assertThat(named("my")).isFalse();
    assertThat(named("!nginx")).isFalse();
    assertThat(named("!my-*")).isFalse();
    assertThat(named("!other")).isTrue();
    assertThat(named("my-*,!nginx")).isFalse();
  }

  @Test
  void takesTheBeginningOfAnId() {
    assertThat(named(ID.substring(0, 12))).isTrue();
    assertThat(named(ID.substring(0, 11))).isFalse();
    assertThat(named("!" + ID.substring(0, 12))).isFalse();
    assertThat(named(ID.substring(0, 12) + ",!my-web")).isFalse();
    assertThat(named("other," + ID.substring(0, 12))).isTrue();
  }

  @Test
  void knowsAnImageWithAndWithoutRegistryAndTag() {
    for (String name :
        new String[] {
          "nginx",
          "nginx:1.25",
          "docker.io/library/nginx",
          "docker.io/library/nginx:1.25",
          "*/nginx:*",
          "sha256:77",
          "redis,nginx"
        }) {
      assertThat(ofImage(name)).as(name).isTrue();
      assertThat(ofImage("!" + name.replace(",", ",!"))).as("!" + name).isFalse();
    }
    assertThat(ofImage("ngin")).isFalse();
    assertThat(ofImage("nginx:1")).isFalse();
    assertThat(ofImage("!redis")).isTrue();
  }

  @Test
  void looksForLabelsInThePodAndThenAtTheEngine() {
    ContainerInfo both = container(POD, Map.of("app", "engine", "tier", "front"));
    assertThat(labelled("app", "web", both)).isTrue();
    assertThat(labelled("app", "engine", both)).isFalse();
    assertThat(labelled("tier", "front,back", both)).isTrue();
    assertThat(labelled("tier", "!front", both)).isFalse();
  }

  @Test
  void wantsOfAbsentLabelsNothingButThatTheyAreAbsent() {
    ContainerInfo none = container(PodInfo.NONE, Map.of());
    assertThat(labelled("app", "*", none)).isFalse();
    assertThat(labelled("app", "web", none)).isFalse();
    assertThat(labelled("app", "!web", none)).isTrue();
    assertThat(labelled("app", "!*", none)).isTrue();
    assertThat(labelled("app", "!*", container(POD, Map.of()))).isFalse();
  }
}
