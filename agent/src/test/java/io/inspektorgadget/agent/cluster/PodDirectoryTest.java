// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.inspektorgadget.model.container.PodInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PodDirectoryTest {
  private final PodDirectory directory = new PodDirectory();

  private static Pod pod(String uid, Map<String, String> labels, OwnerReference... owners) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("web-0")
        .withUid(uid)
        .withLabels(labels)
        .withOwnerReferences(owners)
        .endMetadata()
        .build();
  }

  private static OwnerReference owner(String kind, String name, boolean isController) {
    return new OwnerReferenceBuilder()
        .withKind(kind)
        .withName(name)
        .withController(isController)
        .build();
  }

  /** As a runtime tells of it. */
  private static PodInfo told(String uid) {
    return new PodInfo("shop", "web-0", uid, "main", Map.of("old", "label"), "", "");
  }

  @Test
  void aPodIsCompletedByWhatRuntimesDoNotWriteDown() {
    assertThat(directory.apply(told("u1"))).isEqualTo(told("u1"));
    assertThat(
            directory.put(
                pod(
                    "u1",
                    Map.of("app", "web"),
                    owner("Other", "o", false),
                    owner("StatefulSet", "web", true))))
        .isTrue();
    PodInfo whole =
        new PodInfo("shop", "web-0", "u1", "main", Map.of("app", "web"), "StatefulSet", "web");
    assertThat(directory.apply(told("u1"))).isEqualTo(whole);
    assertThat(directory.apply(told(""))).isEqualTo(whole);
    assertThat(directory.apply(PodInfo.NONE)).isEqualTo(PodInfo.NONE);
  }

  @Test
  void onlyWhatContainersShowIsNews() {
    Pod pod = pod("u1", Map.of("app", "web"));
    assertThat(directory.put(pod)).isTrue();
    Pod busy = new PodBuilder(pod).withNewStatus().withPhase("Running").endStatus().build();
    assertThat(directory.put(busy)).isFalse();
    assertThat(directory.put(pod("u1", Map.of("app", "cache")))).isTrue();
    assertThat(directory.apply(told("u1")).labels()).isEqualTo(Map.of("app", "cache"));
  }

  @Test
  void aPodOfTheSameNameIsAnother() {
    directory.put(pod("u2", Map.of("app", "new")));
    assertThat(directory.apply(told("u1"))).isEqualTo(told("u1"));
    directory.remove(pod("u1", Map.of()));
    assertThat(directory.apply(told("u2")).labels()).isEqualTo(Map.of("app", "new"));
    directory.remove(pod("u2", Map.of()));
    assertThat(directory.apply(told("u2"))).isEqualTo(told("u2"));
  }

  @Test
  void aPodOfTheKubeletsFilesHasTwoUids() {
    Pod mirror =
        new PodBuilder(pod("u1", Map.of("tier", "control-plane")))
            .editMetadata()
            .addToAnnotations("kubernetes.io/config.mirror", "hash")
            .endMetadata()
            .build();
    directory.put(mirror);
    assertThat(directory.apply(told("hash")).labels()).containsEntry("tier", "control-plane");
    assertThat(directory.apply(told("hash")).podUid()).isEqualTo("hash");
  }

  @Test
  void aReplicaSetOfADeploymentIsTheDeployment() {
    OwnerReference set = owner("ReplicaSet", "web-5d9f", true);
    directory.put(pod("u1", Map.of("pod-template-hash", "5d9f"), set));
    assertThat(directory.apply(told("u1")))
        .extracting(PodInfo::ownerKind, PodInfo::ownerName)
        .containsExactly("Deployment", "web");
    directory.put(pod("u1", Map.of(), set));
    assertThat(directory.apply(told("u1")))
        .extracting(PodInfo::ownerKind, PodInfo::ownerName)
        .containsExactly("ReplicaSet", "web-5d9f");
    directory.put(pod("u1", Map.of("pod-template-hash", "other"), set));
    assertThat(directory.apply(told("u1")).ownerKind()).isEqualTo("ReplicaSet");
  }
}
