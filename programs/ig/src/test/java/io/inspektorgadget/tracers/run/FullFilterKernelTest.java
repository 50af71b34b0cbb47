// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.MessageSink;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.event.LossReport.Stage;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run's filter map, in the kernel, up to its last entry and beyond. */
@Tag("kernel")
@Timeout(60)
final class FullFilterKernelTest {
  private static final int ROOM = 65_536;
  private static final long FIRST_INODE = 4_026_531_840L;

  private int wakes;
  private final Said said = new Said();

  /** What is written to standard error; there are no events. */
  private static final class Said implements MessageSink, ByteSink {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      lines.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      // Every line is there at once.
    }

    @Override
    public void warning(String line) {
      lines.add(line);
    }

    @Override
    public void loss(String line) {
      lines.add(line);
    }
  }

  private static ContainerInfo container(int number) {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo("runc", "c" + number, "c" + number, "", "", 0, Map.of()),
        1,
        new ContainerInfo.MountNs(FIRST_INODE + number, 7_000_000_000L + number),
        0,
        new ContainerInfo.Cgroup(0, ""),
        "",
        PodInfo.NONE,
        Map.of());
  }

  /** What the kernel's map says about a namespace; -1 if it is not in it. */
  private static long memberOf(BpfMap map, int number) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(map.keySizeBytes(), Long.BYTES);
      MemorySegment value = arena.allocate(map.valueSizeBytes(), Long.BYTES);
      key.set(ValueLayout.JAVA_LONG, 0, FIRST_INODE + number);
      return map.lookup(key, value)
          ? Integer.toUnsignedLong(value.get(ValueLayout.JAVA_INT, 0))
          : -1;
    }
  }

  @Test
  void takes65536NamespacesAndCountsThoseBeyondUntilThereIsRoom() throws IOException {
    CountedLoss full = new CountedLoss(Stage.FILTER_FULL, "containers", () -> wakes++);
    CountedLoss late = new CountedLoss(Stage.LATE_START, "containers", () -> wakes++);
    GadgetSpec gadget = OpenRecords.gadget();
    List<DataSource> sources = List.of(gadget.sources().getFirst().source());
    EventPrinter sink = new EventPrinter(sources, PrinterOptions.USUAL, said, said);
    try (BpfObject object = OpenRecords.object(gadget)) {
      object.load();
      BpfMap map = object.map(LoadedGadget.FILTER_MAP);
      MountNsFilter filter = new MountNsFilter(map, true, new MountNsFilter.Losses(full, late));
      for (int i = 0; i < ROOM; i++) {
        filter.added(container(i));
      }
      full.report(sink);
      assertThat(said.lines).as("all of them have room").isEmpty();
      assertThat(map.forEach((key, value) -> {})).isEqualTo(ROOM);
      assertThat(memberOf(map, ROOM - 1)).isEqualTo((7_000_000_000L + ROOM - 1) & 0xffff_ffffL);

      filter.added(container(ROOM));
      filter.added(container(ROOM + 1));
      full.report(sink);
      full.report(sink);
      assertThat(said.lines)
          .containsExactly(
              "lost all events of containers: no room in the kernel's filter for 2 mount"
                  + " namespaces; choose fewer containers (2 since the start)");
      assertThat(wakes).isEqualTo(2);
      assertThat(memberOf(map, ROOM)).isEqualTo(-1);

      filter.removed(container(ROOM));
      filter.removed(container(5));
      assertThat(memberOf(map, 5)).isEqualTo(-1);
      assertThat(memberOf(map, ROOM)).as("it has ended meanwhile").isEqualTo(-1);
      assertThat(memberOf(map, ROOM + 1)).as("room was made for it").isPositive();
      filter.close();
    }
  }
}
