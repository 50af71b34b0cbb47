// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.inspektorgadget.model.container.PodInfo;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the API server says of pods, by their names. Whoever looks neither waits nor asks a server;
 * safe for concurrent use.
 */
final class PodDirectory implements UnaryOperator<PodInfo> {
  /** With a pod from a file of the kubelet: the uid that the runtime knows it by. */
  private static final String MIRRORED_UID = "kubernetes.io/config.mirror";

  private static final String TEMPLATE_HASH = "pod-template-hash";

  private final Map<String, Known> byName = new ConcurrentHashMap<>();

  /**
   * What is known of a pod.
   *
   * @param uid its uid
   * @param mirroredUid the uid that runtimes know it by, if that is another one; else empty
   * @param labels its labels; unmodifiable
   * @param ownerKind kind of who looks after it; empty if nobody does
   * @param ownerName name of the owner
   */
  private record Known(
      String uid,
      String mirroredUid,
      Map<String, String> labels,
      String ownerKind,
      String ownerName) {

    static Known of(ObjectMeta pod) {
      Map<String, String> labels = pod.getLabels() == null ? Map.of() : Map.copyOf(pod.getLabels());
      Map<String, String> annotations =
          pod.getAnnotations() == null ? Map.of() : pod.getAnnotations();
      String mirrored = annotations.getOrDefault(MIRRORED_UID, "");
      OwnerReference owner = owner(pod.getOwnerReferences());
      if (owner == null) {
        return new Known(pod.getUid(), mirrored, labels, "", "");
      }
      String kind = owner.getKind();
      String name = owner.getName();
      // A Deployment's ReplicaSets are called after it and the hash that it gives their pods.
      String hash = "-" + labels.getOrDefault(TEMPLATE_HASH, "");
      if (kind.equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash)) {
        kind = "Deployment";
        name = name.substring(0, name.length() - hash.length());
      }
      return new Known(pod.getUid(), mirrored, labels, kind, name);
    }

    private static @Nullable OwnerReference owner(@Nullable List<OwnerReference> owners) {
      if (owners == null || owners.isEmpty()) {
        return null;
      }
      return owners.stream()
          .filter(owner -> Boolean.TRUE.equals(owner.getController()))
          .findFirst()
          .orElse(owners.getFirst());
    }

    /** True unless the runtime tells of another pod, which had this name before. */
    boolean isCalled(String runtimesUid) {
      return runtimesUid.isEmpty() || runtimesUid.equals(uid) || runtimesUid.equals(mirroredUid);
    }
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** Takes a pod in; true if that changes anything that containers show. */
  boolean put(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    Known known = Known.of(metadata);
    return !known.equals(byName.put(key(metadata.getNamespace(), metadata.getName()), known));
  }

  /** Forgets a pod. What was said of it to others stays said. */
  void remove(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    byName.computeIfPresent(
        key(metadata.getNamespace(), metadata.getName()),
        (key, known) -> known.uid().equals(metadata.getUid()) ? null : known);
  }

  /** What is known of a pod in place of what its runtime says; the same for an unknown one. */
  @Override
  public PodInfo apply(PodInfo pod) {
    Known known = byName.get(key(pod.namespace(), pod.podName()));
    if (known == null || !known.isCalled(pod.podUid())) {
      return pod;
    }
    return new PodInfo(
        pod.namespace(),
        pod.podName(),
        pod.podUid().isEmpty() ? known.uid() : pod.podUid(),
        pod.containerName(),
        known.labels(),
        known.ownerKind(),
        known.ownerName());
  }
}
