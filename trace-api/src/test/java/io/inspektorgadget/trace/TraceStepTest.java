// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** Annotation and desired state, met in one table. The Trace's spec is at generation 3. */
final class TraceStepTest {
  private static TraceStep step(
      String gadget,
      RunMode mode,
      @Nullable TraceState state,
      @Nullable String operation,
      TraceStep.Known known) {
    TraceSpec wish = Traces.wish(gadget, mode, TraceOutputMode.STREAM);
    return TraceStep.of(
        Traces.trace(wish, state, operation), TraceGadget.of(Traces.catalog(), wish), known);
  }

  @ParameterizedTest
  @CsvSource({
    // gadget, mode, state, annotation, running here, last tried generation, step
    "execsnoop, MANUAL, , , false, -1, NONE",
    "execsnoop, MANUAL, , start, false, -1, START",
    "execsnoop, MANUAL, STARTED, start, true, 3, CONFIRM",
    "execsnoop, MANUAL, STARTED, stop, true, 3, STOP",
    "execsnoop, MANUAL, STARTED, stop, false, -1, STOP",
    "execsnoop, MANUAL, STARTED, , true, 3, NONE",
    "execsnoop, MANUAL, STARTED, , true, 2, NONE",
    "execsnoop, MANUAL, STARTED, , false, -1, RESUME",
    "execsnoop, MANUAL, STARTED, , false, 3, NONE",
    "execsnoop, MANUAL, STOPPED, start, false, 3, START",
    "execsnoop, AUTO, , , false, -1, START",
    "execsnoop, AUTO, , , false, 3, NONE",
    "execsnoop, AUTO, , , false, 2, START",
    "execsnoop, AUTO, STARTED, , true, 3, NONE",
    "execsnoop, AUTO, STARTED, , true, 2, REPLACE",
    "execsnoop, AUTO, STARTED, , false, -1, RESUME",
    "execsnoop, AUTO, STOPPED, , false, 3, NONE",
    "execsnoop, AUTO, STOPPED, , false, -1, NONE",
    "execsnoop, AUTO, STOPPED, , false, 2, START",
    "execsnoop, AUTO, STARTED, stop, true, 3, STOP",
    "process-collector, MANUAL, , , false, -1, NONE",
    "process-collector, MANUAL, , collect, false, -1, COLLECT",
    "process-collector, AUTO, , , false, -1, COLLECT",
    "process-collector, AUTO, COMPLETED, , false, -1, NONE",
    "process-collector, AUTO, COMPLETED, , false, 2, COLLECT"
  })
  void theNextStep(ArgumentsAccessor row) {
    TraceStep.Known known =
        new TraceStep.Known(
            Objects.requireNonNull(row.getBoolean(4)), Objects.requireNonNull(row.getLong(5)));
    assertThat(
            step(
                Objects.requireNonNull(row.getString(0)),
                Objects.requireNonNull(row.get(1, RunMode.class)),
                row.get(2, TraceState.class),
                row.getString(3),
                known))
        .isEqualTo(row.get(6, TraceStep.class));
  }

  @Test
  void whatIsNotStartedCannotBeStopped() {
    assertThatThrownBy(() ->
            step(
                "execsnoop",
                RunMode.MANUAL,
                TraceState.STOPPED,
                "stop",
                new TraceStep.Known(false, 3)))
        .isInstanceOf(TraceException.class)
        .hasMessage("Not started");
  }

  @ParameterizedTest
  @CsvSource({"execsnoop,collect", "execsnoop,''", "process-collector,start", "profile,generate"})
  void anOperationOfOtherGadgetsIsRefused(String gadget, String operation) {
    assertThatThrownBy(() ->
            step(gadget, RunMode.MANUAL, TraceState.STOPPED, operation, TraceStep.Known.NOTHING))
        .isInstanceOf(TraceException.class)
        .hasMessage("Unsupported operation \"" + operation + "\" for gadget \"" + gadget + "\"");
  }
}
