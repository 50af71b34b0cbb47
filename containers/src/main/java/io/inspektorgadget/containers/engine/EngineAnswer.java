// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.identity.EngineRecord;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * What an engine tells about one of its containers. Immutable.
 *
 * @param record its name, image and labels
 * @param pod its pod, {@link PodInfo#NONE} if it has none or the engine knows of none
 */
public record EngineAnswer(EngineRecord record, PodInfo pod) {

  /** About a container without a pod. */
  EngineAnswer(EngineRecord record) {
    this(record, PodInfo.NONE);
  }

  /** True if an engine could tell more about the container than is known. */
  static boolean isWantedFor(ContainerInfo container) {
    RuntimeInfo known = container.runtime();
    boolean isOfPod = !container.pod().podName().isEmpty();
    return known.imageName().isEmpty()
        || known.imageDigest().isEmpty()
        || (isOfPod ? container.pod().labels() : known.labels()).isEmpty();
  }

  /** The container with what it lacked; what is known stays as it is. */
  public ContainerInfo completing(ContainerInfo container) {
    RuntimeInfo known = container.runtime();
    RuntimeInfo completed =
        new RuntimeInfo(
            known.runtimeName(),
            known.id(),
            first(known.name(), record.name()),
            first(known.imageName(), record.imageName()),
            first(known.imageDigest(), record.imageDigest()),
            known.startedAtNs(),
            joined(known.labels(), record.labels()));
    return new ContainerInfo(
        completed,
        container.pid(),
        container.mountNs(),
        container.netNsId(),
        container.cgroup(),
        container.bundle(),
        completing(container.pod()),
        container.annotations());
  }

  private PodInfo completing(PodInfo known) {
    if (pod.podName().isEmpty()) {
      return known;
    }
    return new PodInfo(
        first(known.namespace(), pod.namespace()),
        first(known.podName(), pod.podName()),
        first(known.podUid(), pod.podUid()),
        first(known.containerName(), pod.containerName()),
        joined(known.labels(), pod.labels()),
        known.ownerKind(),
        known.ownerName());
  }

  private static String first(String known, String told) {
    return known.isEmpty() ? told : known;
  }

  private static Map<String, String> joined(Map<String, String> known, Map<String, String> told) {
    Map<String, String> joined = new HashMap<>(told);
    joined.putAll(known);
    return joined;
  }
}
