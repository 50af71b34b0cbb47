// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import org.jspecify.annotations.Nullable;

/**
 * What a node has to do next for a Trace. This is the one place where the two ways to command meet:
 * the annotation, which is carried out once, and the desired state, which is kept up.
 */
public enum TraceStep {
  /** Nothing. */
  NONE,
  /** Start it. */
  START,
  /** It runs already, and is wished to run. */
  CONFIRM,
  /** Start it again: it was started before this process was. */
  RESUME,
  /** Stop it and start it as its changed spec says. */
  REPLACE,
  /** Stop it. */
  STOP,
  /** Run it to its end. */
  COLLECT;

  /**
   * What a process knows of a Trace besides the resource.
   *
   * @param running true if its gadget runs here
   * @param triedGeneration generation of the spec that was last started here; negative: none
   */
  public record Known(boolean running, long triedGeneration) {
    /** Of a Trace that this process has never started. */
    public static final Known NOTHING = new Known(false, -1);
  }

  /**
   * The next step.
   *
   * <p>An annotation comes first. Without one, a Trace that says Started and does not run is
   * resumed once; one of {@link RunMode#AUTO} is started when it is new, and again when its spec
   * changes. Stopped by an annotation it stays stopped until then.
   *
   * @throws TraceException if the commanded operation is none of the gadget's, or it is to be
   *     stopped and was not started
   */
  public static TraceStep of(Trace trace, TraceGadget gadget, Known known) {
    String operation = trace.operation();
    return operation == null
        ? ofDesiredState(trace, gadget, known)
        : ofOperation(operation, trace.outcome().state(), gadget, known);
  }

  private static TraceStep ofOperation(
      String operation, @Nullable TraceState state, TraceGadget gadget, Known known) {
    if (!gadget.operations().contains(operation)) {
      throw gadget.unsupportedOperation(operation);
    }
    return switch (operation) {
      case "start" -> known.running() ? CONFIRM : START;
      case "stop" -> {
        if (!known.running() && state != TraceState.STARTED) {
          throw new TraceException("Not started");
        }
        yield STOP;
      }
      default -> COLLECT;
    };
  }

  private static TraceStep ofDesiredState(Trace trace, TraceGadget gadget, Known known) {
    boolean auto = trace.wish().runMode() == RunMode.AUTO;
    boolean untried = known.triedGeneration() != trace.generation();
    boolean changed = untried && known.triedGeneration() >= 0;
    if (known.running()) {
      return auto && changed ? REPLACE : NONE;
    }
    TraceState state = trace.outcome().state();
    if (state == TraceState.STARTED) {
      return untried ? RESUME : NONE;
    }
    if (auto && (state == null ? untried : changed)) {
      return gadget.answer() == TraceGadget.Answer.AT_ONCE ? COLLECT : START;
    }
    return NONE;
  }
}
