// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import java.util.Map;

/**
 * The Kubernetes side of a container. Immutable; unknown texts are empty.
 *
 * @param namespace the pod's namespace
 * @param podName the pod's name
 * @param podUid the pod's uid
 * @param containerName the container's name in the pod
 * @param labels the pod's labels; unmodifiable
 * @param ownerKind kind of the pod's owner
 * @param ownerName name of the pod's owner
 */
public record PodInfo(
    String namespace,
    String podName,
    String podUid,
    String containerName,
    Map<String, String> labels,
    String ownerKind,
    String ownerName) {

  /** No pod. */
  public static final PodInfo NONE = new PodInfo("", "", "", "", Map.of(), "", "");

  public PodInfo {
    labels = Map.copyOf(labels);
  }
}
