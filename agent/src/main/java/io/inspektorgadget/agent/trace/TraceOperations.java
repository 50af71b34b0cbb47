// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.agent.tracer.TracerControl.Delivery;
import io.inspektorgadget.agent.tracer.TracerControl.TracerResult;
import io.inspektorgadget.agent.tracer.TracerControl.TracerStatus;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceException;
import io.inspektorgadget.trace.TraceGadget;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceRun;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import io.inspektorgadget.trace.TraceStep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Performs operations of Traces and says what became of them: the status to write. An operation
 * that does not work leaves the state as it was, unless that would not be true any more. One
 * thread.
 */
final class TraceOperations {
  /** A snapshot takes milliseconds; a node that is that slow is asked again. */
  private static final long COLLECT_TIMEOUT_MS = 30_000;

  /** What a resource can hold: etcd takes requests of 1.5 MiB, and quotes are escaped. */
  private static final int OUTPUT_BYTES_MAX = 1_000_000;

  private static final String RESUMED =
      "started again: the gadget pod was restarted, and saw nothing meanwhile";

  private static final String NO_CONTAINER = "No container matches the requested filter";

  private final TracerControl tracers;
  private final Consumer<TraceKey> started;

  /**
   * Operations on the tracers of a node.
   *
   * @param started called with each Trace whose gadget was started
   */
  TraceOperations(TracerControl tracers, Consumer<TraceKey> started) {
    this.tracers = tracers;
    this.started = started;
  }

  /**
   * Performs one step.
   *
   * @return the status to write, with an error if the step did not work
   */
  TraceStatus perform(TraceStep step, Trace trace, TraceGadget gadget) throws InterruptedException {
    try {
      return switch (step) {
        case NONE -> trace.outcome();
        case CONFIRM -> TraceStatus.of(TraceState.STARTED, trace.outcome().output());
        case START, REPLACE -> start(trace, gadget, "");
        case RESUME -> start(trace, gadget, RESUMED);
        case STOP -> stop(trace, gadget);
        case COLLECT -> collect(trace, gadget);
      };
    } catch (RuntimeException e) {
      // A wrong parameter, a kernel that refuses: all are for the user who reads the Trace.
      String error = String.valueOf(e.getMessage());
      boolean untrue = step == TraceStep.RESUME || step == TraceStep.REPLACE;
      return untrue
          // It does not run any more, whatever its status says.
          ? TraceStatus.of(TraceState.STOPPED, "").withError(error)
          : trace.outcome().withError(error);
    }
  }

  private TraceStatus start(Trace trace, TraceGadget gadget, String note) {
    List<String> warnings = new ArrayList<>();
    if (!note.isEmpty()) {
      warnings.add(note);
    }
    launch(trace, gadget, warnings);
    started.accept(TraceKey.of(trace));
    return TraceStatus.of(TraceState.STARTED, "").withWarning(String.join("; ", warnings));
  }

  private void launch(Trace trace, TraceGadget gadget, List<String> warnings) {
    TraceRun run = gadget.run(trace.wish());
    warnings.addAll(run.warnings());
    Rows rows = new Rows(List.of(), RowOrder.of(run, warnings), run.rowsMax());
    TracerId id = new TracerId(trace.tracerId());
    // One that has ended by itself is kept for late readers until now.
    tracers.stop(id);
    tracers.start(id, run.request(), isStatus(trace) ? Delivery.RESULT : Delivery.STREAM, rows);
    ContainerSelector selector = run.request().selector();
    // Without a filter it is clear that there may be nobody.
    if (!selector.equals(ContainerSelector.ALL_CONTAINERS) && !tracers.selectsAny(selector)) {
      warnings.add(NO_CONTAINER);
    }
  }

  private TraceStatus stop(Trace trace, TraceGadget gadget) {
    Optional<TracerResult> result = tracers.stop(new TracerId(trace.tracerId()));
    boolean answers = gadget.answer() == TraceGadget.Answer.AT_STOP && isStatus(trace);
    if (result.isEmpty()) {
      TraceStatus stopped = TraceStatus.of(TraceState.STOPPED, "");
      return answers
          ? stopped.withWarning("no result: the gadget pod was restarted since the start")
          : stopped;
    }
    return answers ? completed(result.get()) : stopped(result.get());
  }

  private TraceStatus collect(Trace trace, TraceGadget gadget) throws InterruptedException {
    List<String> warnings = new ArrayList<>();
    launch(trace, gadget, warnings);
    TracerId id = new TracerId(trace.tracerId());
    if (!tracers.awaitEnd(id, COLLECT_TIMEOUT_MS)) {
      tracers.stop(id);
      throw new TraceException(
          "collecting from "
              + trace.wish().gadget()
              + ": no answer within "
              + COLLECT_TIMEOUT_MS / 1000
              + " s; the node is busy, try again");
    }
    if (isStatus(trace)) {
      TraceStatus status = completed(tracers.stop(id).orElseThrow());
      warnings.add(status.operationWarning());
      warnings.removeIf(String::isEmpty);
      return status.withWarning(String.join("; ", warnings));
    }
    TracerStatus status = tracers.status(id).orElseThrow();
    if (status.end().orElse(null) instanceof EndCause.Failed(Throwable cause)) {
      throw new TraceException(String.valueOf(cause.getMessage()), cause);
    }
    return TraceStatus.of(TraceState.COMPLETED, "").withWarning(String.join("; ", warnings));
  }

  /** The status of a Trace whose run has ended by itself. */
  TraceStatus ended(Trace trace, TracerStatus status, EndCause end) {
    if (end instanceof EndCause.Failed(Throwable cause)) {
      return TraceStatus.of(TraceState.STOPPED, trace.outcome().output())
          .withError("the gadget has ended: " + cause.getMessage());
    }
    if (status.delivery() == Delivery.RESULT) {
      return completed(tracers.stop(status.id()).orElseThrow());
    }
    // The tracer stays, so that late readers of its stream learn of the end.
    return TraceStatus.of(TraceState.COMPLETED, "");
  }

  private static TraceStatus stopped(TracerResult result) {
    TraceStatus stopped =
        TraceStatus.of(TraceState.STOPPED, "").withWarning(String.join("; ", warnings(result)));
    return result.end() instanceof EndCause.Failed(Throwable cause)
        ? stopped.withError("the gadget has ended: " + cause.getMessage())
        : stopped;
  }

  private static TraceStatus completed(TracerResult result) {
    if (result.end() instanceof EndCause.Failed) {
      return stopped(result);
    }
    int bytes = result.output().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > OUTPUT_BYTES_MAX) {
      return TraceStatus.of(TraceState.COMPLETED, "")
          .withError(
              "writing the result: its "
                  + bytes
                  + " bytes are more than the "
                  + OUTPUT_BYTES_MAX
                  + " that a resource holds; use the output mode Stream, or a narrower filter");
    }
    return TraceStatus.of(TraceState.COMPLETED, result.output())
        .withWarning(String.join("; ", warnings(result)));
  }

  private static List<String> warnings(TracerResult result) {
    List<String> warnings = new ArrayList<>(result.warnings());
    if (result.lost() > 0) {
      warnings.add(result.lost() + " events were lost");
    }
    return warnings;
  }

  private static boolean isStatus(Trace trace) {
    return trace.wish().outputMode() == TraceOutputMode.STATUS;
  }
}
