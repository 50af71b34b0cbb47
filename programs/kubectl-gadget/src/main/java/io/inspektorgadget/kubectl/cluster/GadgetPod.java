// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Map;

/**
 * The pod that performs Traces on a node. Immutable.
 *
 * @param node its node; empty before it has one
 * @param name its name
 * @param ready true if it works and is not about to end
 * @param version the version that it was deployed with; empty if it does not say
 * @param image its image
 */
public record GadgetPod(String node, String name, boolean ready, String version, String image) {
  /** The namespace of the gadget pods and of the Traces of this program. */
  public static final String NAMESPACE = "gadget";

  /** The container in it. */
  public static final String CONTAINER = "gadget";

  /** Key of the label that all gadget pods have. */
  public static final String LABEL = "k8s-app";

  /** Value of that label; also the name of the DaemonSet. */
  public static final String LABEL_VALUE = "gadget";

  /** Key of the label that says its version. */
  public static final String VERSION_LABEL = "app.kubernetes.io/version";

  /** What matters of a pod. */
  public static GadgetPod of(Pod pod) {
    String node = pod.getSpec().getNodeName();
    Map<String, String> labels = pod.getMetadata().getLabels();
    List<Container> containers = pod.getSpec().getContainers();
    return new GadgetPod(
        node == null ? "" : node,
        pod.getMetadata().getName(),
        isReady(pod),
        labels == null ? "" : labels.getOrDefault(VERSION_LABEL, ""),
        containers.isEmpty() ? "" : containers.getFirst().getImage());
  }

  private static boolean isReady(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null || pod.getStatus() == null) {
      return false;
    }
    List<PodCondition> conditions = pod.getStatus().getConditions();
    return conditions != null
        && conditions.stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /**
   * All of them, by node.
   *
   * @throws io.inspektorgadget.trace.client.ClusterException if the cluster does not tell
   */
  public static List<GadgetPod> list(Cluster cluster) {
    return cluster.ask(
        "listing the gadget pods",
        () ->
            cluster
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel(LABEL, LABEL_VALUE)
                .list()
                .getItems()
                .stream()
                .map(GadgetPod::of)
                .sorted((one, other) -> one.node().compareTo(other.node()))
                .toList());
  }
}
