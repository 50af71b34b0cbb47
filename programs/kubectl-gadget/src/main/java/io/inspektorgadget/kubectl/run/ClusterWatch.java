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
  private final Cluster cluster;
  private final Listener listener;
  private final SharedIndexInformer<Trace> traces;
  private final ExecutorService podEvents;
  private @Nullable SharedIndexInformer<Pod> pods;

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

  private ClusterWatch(Cluster cluster, RunTraces runTraces, Listener listener) {
    this.cluster = cluster;
    this.listener = listener;
    this.traces = runTraces.follow(new TraceHandler(listener));
    this.podEvents =
        Executors.newSingleThreadExecutor(task -> {
          Thread thread = new Thread(task, "gadget-pods");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Begins to watch the Traces. */
  static ClusterWatch start(Cluster cluster, RunTraces runTraces, Listener listener) {
    return new ClusterWatch(cluster, runTraces, listener);
  }

  /** Begins to watch the gadget pods as well; those that are there are told of first. */
  void followPods() {
    SharedIndexInformer<Pod> informer =
        cluster
            .client()
            .pods()
            .inNamespace(GadgetPod.NAMESPACE)
            .withLabel(GadgetPod.LABEL, GadgetPod.LABEL_VALUE)
            .runnableInformer(0);
    pods = informer;
    informer
        .addEventHandler(new PodHandler(listener, podEvents))
        .exceptionHandler((started, failure) -> true);
    informer.start();
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
