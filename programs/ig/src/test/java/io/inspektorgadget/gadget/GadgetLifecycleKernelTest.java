// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every gadget is loaded, attached and detached, and nothing is left; also when a step fails. */
@Tag("kernel")
final class GadgetLifecycleKernelTest extends HostGadgets {
  private static final TimeLimit CLOSE_LIMIT = TimeLimit.ofMs(2_000);
  private static final String FLOOD = "while :; do : </dev/null; done";

  @TestFactory
  Stream<DynamicTest> everyGadgetComesAndGoesWithoutATrace() {
    return Gadgets.catalog().gadgets().stream()
        .map(gadget -> DynamicTest.dynamicTest(gadget.name(), () -> comesAndGoes(gadget)));
  }

  private void comesAndGoes(GadgetSpec gadget) throws Exception {
    try (NamespacedShell shell = NamespacedShell.start("read -r _")) {
      RunRequest request = Gadgets.request(gadget, gadgets().selecting(shell));
      // What is opened once for all runs (the kernel's types, names of symbols) is there then.
      runOnce(request);
      KernelResources before = KernelResources.now();
      runOnce(request);
      assertThat(KernelResources.now()).isEqualTo(before);
    }
  }

  private void runOnce(RunRequest request) throws Exception {
    RecordingSink sink = new RecordingSink();
    KernelResources before = KernelResources.now();
    try (GadgetRun run = gadgets().start(request, sink)) {
      assertThat(run.attachedPrograms()).isNotEmpty();
      assertThat(KernelResources.now().descriptors())
          .as("descriptors while it runs")
          .hasSizeGreaterThan(before.descriptors().size());
    }
    assertThat(sink.cause()).isIn(new EndCause.Stopped(), new EndCause.Completed());
    assertThat(sink.losses()).isEmpty();
  }

  /** What a run that is refused leaves: nothing. */
  private void refused(RunRequest request, String message) throws IOException {
    KernelResources before = KernelResources.now();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> gadgets().start(request, new RecordingSink()).close())
          .hasMessageContaining(message);
    }
    assertThat(KernelResources.now()).isEqualTo(before);
  }

  private ContainerSelector nobody() {
    return ContainerSelector.ofNames(ValueList.parse("no-such-container"));
  }

  @Test
  void aParameterThatIsWrongLeavesNothing() throws IOException {
    GadgetSpec open = Gadgets.named("trace_open");
    refused(
        new RunRequest(open, Map.of("paths", "perhaps"), nobody(), RunLimits.NONE),
        "reading --paths: \"perhaps\" is neither true nor false");
    refused(
        new RunRequest(open, Map.of("faild", "true"), nobody(), RunLimits.NONE),
        "it has no parameter faild; did you mean failed?");
    refused(
        new RunRequest(open, Map.of("pid", "1,x"), nobody(), RunLimits.NONE),
        "reading --pid: \"x\" is no whole number");
  }

  @Test
  void aRingSizeThatTheKernelHasNotLeavesNothing() throws IOException {
    GadgetSpec open = Gadgets.named("trace_open");
    for (long sizeBytes : new long[] {1, 2_048, 5_000, 1L << 31, -4_096}) {
      refused(
          new RunRequest(open, Map.of(), nobody(), new RunLimits(0, 0, sizeBytes)),
          "sizing the ring of trace_open: " + sizeBytes + " bytes is no power of two");
    }
  }

  @Test
  void moreValuesThanAFilterHoldsLeaveNothing() throws IOException {
    StringBuilder pids = new StringBuilder("1");
    for (int pid = 2; pid <= 1_025; pid++) {
      pids.append(',').append(pid);
    }
    refused(
        new RunRequest(
            Gadgets.named("trace_open"), Map.of("pid", pids.toString()), nobody(), RunLimits.NONE),
        "setting --pid: 1025 values, the filter holds 1024");
  }

  @Test
  void aHookThatTheKernelHasNotLeavesNothingAttached() throws IOException {
    GadgetSpec gadget = Gadgets.compiled("missing_hook");
    refused(
        new RunRequest(gadget, Map.of(), ContainerSelector.HOST, RunLimits.NONE),
        "sys_enter_no_such_call");
  }

  @Test
  void closingDoesNotWaitForAFlood() throws Exception {
    try (NamespacedShell shell = NamespacedShell.start(FLOOD)) {
      RunRequest request = Gadgets.request(Gadgets.named("trace_open"), gadgets().selecting(shell));
      RecordingSink sink = new RecordingSink();
      KernelResources before = KernelResources.now();
      GadgetRun run = gadgets().start(request, sink);
      try {
        shell.release();
        TimeLimit.usual().await("a thousand records", () -> sink.events() >= 1_000);
      } finally {
        long deadlineNs = CLOSE_LIMIT.deadlineNs();
        run.close();
        assertThat(deadlineNs - System.nanoTime()).as("ns left after the close").isPositive();
      }
      assertThat(sink.events()).isGreaterThanOrEqualTo(1_000);
      assertThat(sink.cause()).isEqualTo(new EndCause.Stopped());
      assertThat(KernelResources.now()).isEqualTo(before);
    }
  }
}
