// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.trace.Trace;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Tells what becomes of the Traces of a run and of the gadget pods. An API server that goes away
 * and comes back costs nothing but time. Closed by whoever started it.
 */
final class ClusterWatch implements AutoCloseable {
  private final SharedIndexInformer<Trace> traces;
  private final @Nullable SharedIndexInformer<Pod> pods;
  private final ExecutorService podEvents;

  /** Who is told; the methods for Traces and for pods are called by a thread each. */
  interface Listener {
    /**
     * The Trace of a node has changed.
     *
     * @param trace null if it does not exist any more
     */
    void trace(String node, @Nullable Trace trace);

    /** A gadget pod that has a node has changed, or is gone. May ask the cluster. */
    void pod(GadgetPod pod, boolean isGone);
  }

  private ClusterWatch(
      SharedIndexInformer<Trace> traces,
      @Nullable SharedIndexInformer<Pod> pods,
      ExecutorService podEvents) {
    this.traces = traces;
    this.pods = pods;
    this.podEvents = podEvents;
  }

  /**
   * Begins to watch.
   *
   * @param withPods true if gadget pods matter, too
   */
  static ClusterWatch start(
      Cluster cluster, RunTraces runTraces, Listener listener, boolean withPods) {
    SharedIndexInformer<Trace> traces = runTraces.follow(new TraceHandler(listener));
    ExecutorService events =
        Executors.newSingleThreadExecutor(task -> {
          Thread thread = new Thread(task, "gadget-pods");
          thread.setDaemon(true);
          return thread;
        });
    SharedIndexInformer<Pod> pods = null;
    if (withPods) {
      pods =
          cluster
              .client()
              .pods()
              .inNamespace(GadgetPod.NAMESPACE)
              .withLabel(GadgetPod.LABEL, GadgetPod.LABEL_VALUE)
              .runnableInformer(0);
      pods.addEventHandler(new PodHandler(listener, events))
          .exceptionHandler((started, failure) -> true);
      pods.start();
    }
    return new ClusterWatch(traces, pods, events);
  }

  @Override
  public void close() {
    podEvents.shutdownNow();
    traces.stop();
    if (pods != null) {
      pods.stop();
    }
  }

  private record TraceHandler(Listener listener) implements ResourceEventHandler<Trace> {
    @Override
    public void onAdd(Trace trace) {
      listener.trace(trace.wish().node(), trace);
    }

    @Override
    public void onUpdate(Trace before, Trace trace) {
      listener.trace(trace.wish().node(), trace);
    }

    @Override
    public void onDelete(Trace trace, boolean unknown) {
      listener.trace(trace.wish().node(), null);
    }
  }

  private record PodHandler(Listener listener, ExecutorService events)
      implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      tell(pod, false);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      tell(pod, false);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      tell(pod, true);
    }

    private void tell(Pod pod, boolean isGone) {
      GadgetPod gadgetPod = GadgetPod.of(pod);
      if (!gadgetPod.node().isEmpty() && !events.isShutdown()) {
        events.execute(() -> listener.pod(gadgetPod, isGone));
      }
    }
  }
}
