// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.agent.cluster.Outage;
import io.inspektorgadget.agent.cluster.ResourceWatch;
import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.trace.Trace;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Performs the Traces of one node. A watch says which ones have changed, one thread looks at them
 * one after the other. An API server that is away, or does not know the resource yet, is asked
 * again until it answers; what runs goes on meanwhile.
 *
 * <p>It needs the rights to get, list, watch and patch {@code traces}, and to patch {@code
 * traces/status}, in all namespaces.
 *
 * <p>Its owner closes it, and before the tracers: closing starts and stops nothing, so that the
 * Traces of a restarted pod are taken up again.
 */
public final class TraceController implements AutoCloseable {
  private static final long RETRY_MIN_MS = 200;
  private static final long RETRY_MAX_MS = 10_000;
  private static final Duration CLOSE_WAIT = Duration.ofMillis(500);
  private static final long END_WATCH_MS = TimeUnit.HOURS.toMillis(1);

  private final TraceReconciler reconciler;
  private final TracerControl tracers;
  private final WorkQueue<TraceKey> queue = new WorkQueue<>();
  private final Map<TraceKey, Integer> failures = new HashMap<>();
  private final ExecutorService endWatches = Executors.newVirtualThreadPerTaskExecutor();
  private final ResourceWatch<Trace> watch;
  private final Thread worker;
  private final Outage outage;

  /**
   * What a controller works for.
   *
   * @param nodeName the node whose Traces it performs
   * @param catalog the gadgets that there are
   * @param messages receives one line for each thing that an operator should know; any thread
   */
  public record Scope(String nodeName, Catalog catalog, Consumer<String> messages) {}

  private TraceController(KubernetesClient client, Scope scope, TracerControl tracers) {
    this.tracers = tracers;
    this.outage = new Outage(scope.messages());
    this.reconciler =
        new TraceReconciler(
            scope.nodeName(),
            scope.catalog(),
            new KubernetesTraceStore(client),
            tracers,
            this::watchEnd);
    this.worker = new Thread(this::work, "traces");
    this.watch =
        ResourceWatch.start(
            new ResourceWatch.Subject<>(
                "watching Traces", client.resources(Trace.class).inAnyNamespace(), Trace::new),
            new Changes(),
            outage);
  }

  /**
   * Starts to perform Traces, and returns at once.
   *
   * @param client how the API server is reached; stays the caller's, who closes it afterwards
   * @param tracers what runs the gadgets; stays the caller's
   */
  public static TraceController start(KubernetesClient client, Scope scope, TracerControl tracers) {
    TraceController controller = new TraceController(client, scope, tracers);
    controller.worker.start();
    return controller;
  }

  /** Which Traces have changed. */
  private final class Changes implements ResourceWatch.Listener<Trace> {
    @Override
    public void present(Trace trace) {
      if (reconciler.concerns(trace)) {
        queue.add(TraceKey.of(trace));
      }
    }

    @Override
    public void gone(Trace trace) {
      present(trace);
    }
  }

  /** Has a Trace looked at again when its run has ended by itself. */
  private void watchEnd(TraceKey key) {
    TracerId id = new TracerId(Trace.tracerId(key.namespace(), key.name()));
    endWatches.execute(() -> {
      try {
        boolean over = false;
        while (!over) {
          over = tracers.awaitEnd(id, END_WATCH_MS);
        }
        queue.add(key);
      } catch (InterruptedException e) {
        // The controller is being closed; what it runs is not its business any more.
        Thread.currentThread().interrupt();
      } catch (IllegalStateException e) {
        // Somebody has stopped it meanwhile, who knows of its end.
        queue.add(key);
      }
    });
  }

  private void work() {
    try {
      for (TraceKey key = queue.take(); key != null; key = queue.take()) {
        reconcile(key);
      }
    } catch (InterruptedException e) {
      // Closing has waited for the operation as long as a pod that ends can wait.
      Thread.currentThread().interrupt();
    }
  }

  private void reconcile(TraceKey key) throws InterruptedException {
    try {
      reconciler.reconcile(key);
      failures.remove(key);
    } catch (TraceChangedException e) {
      queue.addAfter(key, delayMs(key));
    } catch (RuntimeException e) {
      // Most likely the API server is away; nothing that this Trace needs is lost by waiting.
      outage.explain("reconciling the Trace " + key, e);
      queue.addAfter(key, delayMs(key));
    }
  }

  private long delayMs(TraceKey key) {
    int count = failures.merge(key, 1, Integer::sum);
    return Math.min(RETRY_MAX_MS, RETRY_MIN_MS << Math.min(count - 1, 10));
  }

  @Override
  public void close() {
    watch.close();
    queue.close();
    endWatches.shutdownNow();
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        if (!worker.join(CLOSE_WAIT)) {
          // It waits for the API server or a snapshot, and the pod has to end.
          worker.interrupt();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
