// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.client.ClusterException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The Traces of one run, known by a label that no other run has. Safe for concurrent use. */
final class RunTraces {
  /** Key of the label that the Traces of a run share. */
  static final String RUN_LABEL = "global-trace-id";

  private static final int RUN_ID_LENGTH = 16;
  private static final int NAME_SUFFIX_LENGTH = 8;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final Cluster cluster;
  private final TraceWish wish;
  private final SecureRandom random = new SecureRandom();
  private final String runId;
  private volatile boolean isAnyMade;

  RunTraces(Cluster cluster, TraceWish wish) {
    this.cluster = cluster;
    this.wish = wish;
    this.runId = random(RUN_ID_LENGTH);
  }

  private String random(int length) {
    StringBuilder text = new StringBuilder(length);
    random.ints(length, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
    return text.toString();
  }

  /**
   * A name that no other Trace has. It is chosen here and not by the API server, so that its stream
   * can be asked for before it exists.
   */
  String newName() {
    return wish.spec().gadget().replace('_', '-') + "-" + random(NAME_SUFFIX_LENGTH);
  }

  /** The value of the label that the Traces of this run share. */
  String runId() {
    return runId;
  }

  /**
   * Makes the Trace of a node, with the order to start.
   *
   * @param name what it is called, see {@link #newName}
   * @throws ClusterException if the cluster refuses it
   */
  void create(String node, String name) {
    Trace trace = new Trace();
    String gadget = wish.spec().gadget();
    trace.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(GadgetPod.NAMESPACE)
            .withName(name)
            .withLabels(Map.of(RUN_LABEL, runId, "gadgetName", gadget, "nodeName", node))
            .withAnnotations(Map.of(Trace.OPERATION, wish.operation()))
            .build());
    trace.setSpec(wish.on(node));
    String doing = "making the Trace for " + node;
    try {
      cluster.client().resource(trace).create();
      isAnyMade = true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new ClusterException(
            doing
                + ": this cluster does not know "
                + Trace.DEFINITION_NAME
                + " (kubectl gadget deploy installs it)",
            e);
      }
      cluster.ask(
          doing,
          () -> {
            throw e;
          });
    }
  }

  /** True if the cluster has taken one. */
  boolean isAnyMade() {
    return isAnyMade;
  }

  /** Follows them, also over interruptions. The caller closes it. */
  SharedIndexInformer<Trace> follow(ResourceEventHandler<Trace> handler) {
    SharedIndexInformer<Trace> informer = selected().runnableInformer(0);
    informer.addEventHandler(handler).exceptionHandler((started, failure) -> true);
    informer.start();
    return informer;
  }

  /**
   * Deletes them. The gadget pods then end the runs, which is the last thing that streams tell.
   *
   * @throws ClusterException if the cluster cannot be asked
   */
  void delete() {
    cluster.ask("deleting the Traces of this run", () -> selected().delete());
  }

  /**
   * Lets go of those whose nodes do not exist any more: nobody else ever agrees to their deletion.
   *
   * @param nodes the nodes that were used
   */
  void release(Set<String> nodes) {
    List<Trace> left =
        cluster.ask("looking for Traces that are left", () -> selected().list().getItems());
    for (Trace trace : left) {
      String node = trace.wish().node();
      if (nodes.contains(node)
          && cluster.ask(
                  "looking for node " + node, () -> cluster.client().nodes().withName(node).get())
              == null) {
        cluster.ask(
            "letting go of the Trace of " + node,
            () ->
                cluster
                    .client()
                    .resource(trace)
                    .edit(gone -> {
                      gone.getMetadata().getFinalizers().remove(Trace.FINALIZER);
                      return gone;
                    }));
      }
    }
  }

  private FilterWatchListDeletable<Trace, KubernetesResourceList<Trace>, Resource<Trace>>
      selected() {
    return selected(cluster, runId);
  }

  /**
   * Deletes the Traces of another run.
   *
   * @return how many there were
   * @throws ClusterException if the cluster cannot be asked
   */
  static int deleteOf(Cluster cluster, String runId) {
    var selected = selected(cluster, runId);
    int count = cluster.ask("looking for its Traces", () -> selected.list().getItems().size());
    if (count > 0) {
      cluster.ask("deleting its Traces", selected::delete);
    }
    return count;
  }

  private static FilterWatchListDeletable<Trace, KubernetesResourceList<Trace>, Resource<Trace>>
      selected(Cluster cluster, String runId) {
    return cluster
        .client()
        .resources(Trace.class)
        .inNamespace(GadgetPod.NAMESPACE)
        .withLabel(RUN_LABEL, runId);
  }
}
