// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sources that have to be asked are asked as often as gadget.yaml says. */
@Tag("kernel")
@Tag("every-kernel")
final class FetchedSourcesKernelTest extends HostGadgets {

  /** Remembers which source ended its batches. */
  private static final class BatchSink extends RecordingSink {
    final List<String> batches = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void batchEnd(DataSource source) {
      batches.add(source.name());
    }
  }

  private static RunRequest request(GadgetSpec gadget, Map<String, String> parameters) {
    return new RunRequest(gadget, parameters, ContainerSelector.HOST, RunLimits.NONE);
  }

  private BatchSink untilItsEnd(GadgetSpec gadget, Map<String, String> parameters)
      throws Exception {
    BatchSink sink = new BatchSink();
    KernelResources before = KernelResources.now();
    try (GadgetRun run = gadgets().start(request(gadget, parameters), sink)) {
      assertThat(run.attachedPrograms()).containsExactly("others_rows iter/task");
      assertThat(run.awaitEnd()).isEqualTo(new EndCause.Completed());
    }
    assertThat(KernelResources.now()).isEqualTo(before);
    return sink;
  }

  @Test
  void eachSourceIsReadSoManyTimesAndThenTheRunIsComplete() throws Exception {
    BatchSink sink = untilItsEnd(Gadgets.built("others_rows"), Map.of());
    assertThat(sink.batches).filteredOn("rows"::equals).hasSize(3);
    assertThat(sink.batches).filteredOn("sums"::equals).hasSize(2);
    // Two tasks each time, for so many does gadget.yaml ask where the user does not.
    List<Map<String, String>> rows =
        sink.kept().stream().filter(event -> event.containsKey("comm")).toList();
    assertThat(rows).hasSize(6);
    assertThat(sink.kept()).filteredOn(event -> event.containsKey("walks")).isNotEmpty();
  }

  @Test
  void theUserSaysOtherwise() throws Exception {
    BatchSink sink = untilItsEnd(Gadgets.built("others_rows"), Map.of("most", "1"));
    assertThat(sink.kept()).filteredOn(event -> event.containsKey("comm")).hasSize(3);
  }

  @Test
  void aProgramCannotBeMoved() {
    GadgetSpec gadget = Gadgets.built("others_rows");
    Map<String, String> annotations = new HashMap<>(gadget.annotations());
    annotations.put("programs.others_elsewhere.attach_to", "vfs_read");
    GadgetSpec moved =
        new GadgetSpec(
            gadget.name(),
            gadget.description(),
            gadget.object(),
            gadget.parameters(),
            gadget.sources(),
            gadget.hooks(),
            annotations);
    assertThatThrownBy(() -> gadgets().start(request(moved, Map.of()), new RecordingSink()))
        .isInstanceOf(GadgetException.class)
        .hasMessageStartingWith("attaching others_elsewhere")
        .hasMessageContaining("vfs_read (attach_to)");
  }
}
