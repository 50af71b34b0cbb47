// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events are there, lost ones are counted, and gadgets of others run like ours. */
@Tag("kernel")
final class EventPathKernelTest extends HostGadgets {
  private static final int OPENS = 20_000;
  private static final int SMALL_RING_BYTES = 4_096;

  /**
   * The shell's redirection is one openat, and nothing else in its namespace opens a file. It waits
   * at its end, so that its container lives until all is read.
   */
  private static String loop(int opens) {
    return "i=0; while [ $i -lt "
        + opens
        + " ]; do : </dev/null; i=$((i+1)); done; echo opened; read -r _";
  }

  /** Runs the loop while the gadget looks; returns when both are over. */
  private RecordingSink traced(
      GadgetSpec gadget, int opens, RunLimits limits, Map<String, String> parameters)
      throws Exception {
    RecordingSink sink = new RecordingSink();
    try (NamespacedShell shell = NamespacedShell.start(loop(opens))) {
      ContainerSelector selector = gadgets().selecting(shell);
      Map<String, String> filled =
          parameters.containsValue("OWN") ? Map.of("pid", Long.toString(shell.pid())) : parameters;
      try (GadgetRun run =
          gadgets().start(new RunRequest(gadget, filled, selector, limits), sink)) {
        assertThat(run.attachedPrograms()).isNotEmpty();
        shell.begin();
        shell.awaitWord("opened");
        run.stop();
        assertThat(run.awaitEnd()).isEqualTo(new EndCause.Stopped());
        shell.release();
        shell.awaitEnd();
      }
    }
    return sink;
  }

  private static long lost(RecordingSink sink, LossReport.Stage stage) {
    return sink.losses().stream()
        .filter(loss -> loss.stage() == stage)
        .mapToLong(LossReport::count)
        .sum();
  }

  @Test
  void withTheUsualRingEveryEventArrives() throws Exception {
    RecordingSink sink = traced(Gadgets.named("trace_open"), OPENS, RunLimits.NONE, Map.of());
    assertThat(sink.losses()).isEmpty();
    assertThat(sink.events()).isEqualTo(OPENS);
    assertThat(sink.kept())
        .allSatisfy(event -> assertThat(event).containsEntry("fname", "/dev/null"));
  }

  @Test
  void whatASmallRingLosesIsCountedToTheLastEvent() throws Exception {
    RecordingSink sink =
        traced(Gadgets.named("trace_open"), OPENS, new RunLimits(0, 0, SMALL_RING_BYTES), Map.of());
    long lost = lost(sink, LossReport.Stage.KERNEL_RING);
    assertThat(sink.events()).isPositive();
    assertThat(lost).as("lost in a ring of 4096 bytes").isPositive();
    assertThat(sink.events() + lost).isEqualTo(OPENS);
    assertThat(sink.losses().getLast().total()).isEqualTo(lost);
    assertThat(sink.losses())
        .allSatisfy(loss -> {
          assertThat(loss.count()).isPositive();
          assertThat(loss.source()).isEqualTo("open");
        });
  }

  @Test
  void aGadgetOfOthersRunsAndSeesOnlyTheContainer() throws Exception {
    RecordingSink sink = traced(Gadgets.compiled("others_open"), 50, RunLimits.NONE, Map.of());
    assertThat(sink.events()).isEqualTo(50);
    assertThat(sink.kept())
        .allSatisfy(event ->
            assertThat(event)
                .containsEntry("fname", "/dev/null")
                .containsEntry("comm", "sh")
                .containsKey("runtime.containerName"));
    assertThat(sink.losses()).isEmpty();
  }

  /** How many hash maps this process has with keys like a filter's and that much room. */
  private static long filterMaps(long roomEntries) throws IOException {
    long count = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
      for (Path descriptor : descriptors.toList()) {
        count += isFilterMap(descriptor, roomEntries) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean isFilterMap(Path descriptor, long roomEntries) {
    try {
      return Files.readAllLines(descriptor)
          .containsAll(
              List.of(
                  "map_type:\t1",
                  "key_size:\t8",
                  "value_size:\t4",
                  "max_entries:\t" + roomEntries));
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Test
  void aGadgetOfOthersHasRoomForAsManyContainersAsOurs() throws Exception {
    RunRequest request =
        new RunRequest(
            Gadgets.compiled("others_open"),
            Map.of(),
            ContainerSelector.ofNames(ValueList.parse("no-such-container")),
            RunLimits.NONE);
    long before = filterMaps(65_536);
    try (GadgetRun run = gadgets().start(request, new RecordingSink())) {
      assertThat(run.attachedPrograms()).hasSize(1);
      assertThat(filterMaps(65_536)).isEqualTo(before + 1);
      assertThat(filterMaps(1_024)).isZero();
    }
  }

  @Test
  void theParameterOfAGadgetOfOthersFilters() throws Exception {
    GadgetSpec gadget = Gadgets.compiled("others_open");
    assertThat(gadget.parameters()).extracting("key").containsExactly("pid");
    assertThat(traced(gadget, 50, RunLimits.NONE, Map.of("pid", "OWN")).events()).isEqualTo(50);
    assertThat(traced(gadget, 50, RunLimits.NONE, Map.of("pid", "1")).events()).isZero();
  }

  @Test
  void theLossesOfAGadgetOfOthersCountAsWell() throws Exception {
    RecordingSink sink =
        traced(
            Gadgets.compiled("others_open"),
            OPENS,
            new RunLimits(0, 0, SMALL_RING_BYTES),
            Map.of());
    long lost = lost(sink, LossReport.Stage.KERNEL_RING);
    assertThat(lost).isPositive();
    assertThat(sink.events() + lost).isEqualTo(OPENS);
  }
}
