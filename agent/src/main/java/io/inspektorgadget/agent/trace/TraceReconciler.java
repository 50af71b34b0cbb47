// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.agent.tracer.TracerControl.TracerStatus;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceException;
import io.inspektorgadget.trace.TraceGadget;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import io.inspektorgadget.trace.TraceStep;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one Trace at a time to where it should be. One thread; {@link #concerns} is safe for
 * concurrent use.
 *
 * <p>It looks at the Trace as the API server has it, so that nothing is carried out twice, and
 * takes an operation off before it performs it. What became of the operation is written afterwards;
 * if the server is gone by then, the status is kept and written as soon as it is back.
 */
final class TraceReconciler {
  private final String nodeName;
  private final Catalog catalog;
  private final TraceStore store;
  private final TracerControl tracers;
  private final TraceOperations operations;
  private final Map<TraceKey, Local> locals = new ConcurrentHashMap<>();

  /** What this process knows of a Trace and the API server does not. */
  private static final class Local {
    long triedGeneration = TraceStep.Known.NOTHING.triedGeneration();
    @Nullable TraceStatus unwritten;
  }

  /**
   * A reconciler for one node.
   *
   * @param started called with each Trace whose gadget was started; whoever is called looks for its
   *     end and asks for it to be reconciled then
   */
  TraceReconciler(
      String nodeName,
      Catalog catalog,
      TraceStore store,
      TracerControl tracers,
      Consumer<TraceKey> started) {
    this.nodeName = nodeName;
    this.catalog = catalog;
    this.store = store;
    this.tracers = tracers;
    this.operations = new TraceOperations(tracers, started);
  }

  /** True if the Trace is this node's business: it is to be performed here, or was until now. */
  boolean concerns(Trace trace) {
    return trace.wish().node().equals(nodeName) || knows(TraceKey.of(trace));
  }

  private boolean knows(TraceKey key) {
    return locals.containsKey(key);
  }

  /**
   * Does what there is to do.
   *
   * @throws TraceChangedException if it has changed meanwhile: again, soon
   * @throws RuntimeException if the API server cannot be asked: again, later
   */
  void reconcile(TraceKey key) throws InterruptedException {
    Trace trace = store.find(key);
    if (trace == null) {
      release(key);
      locals.remove(key);
      return;
    }
    boolean ours = trace.wish().node().equals(nodeName);
    if (trace.deleted() || !ours) {
      release(key);
      if (trace.hasFinalizer() && (ours || knows(key))) {
        store.removeFinalizer(trace);
      }
      locals.remove(key);
      return;
    }
    Local local = locals.computeIfAbsent(key, k -> new Local());
    TraceStatus unwritten = local.unwritten;
    if (unwritten != null) {
      write(trace, local, unwritten);
    }
    try {
      settleEnd(trace, local);
      perform(trace, local);
    } catch (TraceException e) {
      write(trace, local, trace.outcome().withError(String.valueOf(e.getMessage())));
    }
  }

  private void release(TraceKey key) {
    tracers.stop(new TracerId(Trace.tracerId(key.namespace(), key.name())));
  }

  /** Says so if a run has ended that nobody has stopped. */
  private void settleEnd(Trace trace, Local local) {
    Optional<TracerStatus> status = tracers.status(new TracerId(trace.tracerId()));
    if (trace.outcome().state() != TraceState.STARTED || status.isEmpty()) {
      return;
    }
    EndCause end = status.get().end().orElse(null);
    if (end != null) {
      write(trace, local, operations.ended(trace, status.get(), end));
    }
  }

  private void perform(Trace trace, Local local) throws InterruptedException {
    TraceGadget gadget = TraceGadget.of(catalog, trace.wish());
    if (!trace.hasFinalizer()) {
      store.addFinalizer(trace);
    }
    if (trace.operation() != null) {
      store.takeOperation(trace);
    }
    TraceStep step =
        TraceStep.of(trace, gadget, new TraceStep.Known(isRunning(trace), local.triedGeneration));
    if (step == TraceStep.NONE) {
      return;
    }
    if (step != TraceStep.STOP && step != TraceStep.CONFIRM) {
      local.triedGeneration = trace.generation();
    }
    write(trace, local, operations.perform(step, trace, gadget));
  }

  private boolean isRunning(Trace trace) {
    return tracers
        .status(new TracerId(trace.tracerId()))
        .filter(s -> s.end().isEmpty())
        .isPresent();
  }

  /** Writes a status unless it says that already, and remembers it until it is written. */
  private void write(Trace trace, Local local, TraceStatus status) {
    if (!status.equals(trace.outcome())) {
      local.unwritten = status;
      store.writeStatus(trace, status);
      trace.setStatus(status);
    }
    local.unwritten = null;
  }
}
