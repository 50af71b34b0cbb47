// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.columns.table.Decoration;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
  private static final int WARM_UP = 200_000;
  private static final int EVENTS = 1_000_000;
  private static final int BATCH = 256;

  /** What the JVM itself may allocate once on this thread, whatever the number of events. */
  private static final long ONCE_BYTES = 4_096;

  /** Counts what it is given, so that no writing can be left out by the compiler. */
  private static final class CountingSink implements ByteSink {
    long bytes;
    long flushes;

    @Override
    public void write(byte[] array, int offset, int length) {
      bytes += length;
    }

    @Override
    public void flush() {
      flushes++;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COLUMNS", "JSON", "YAML"})
  void nothingIsAllocatedPerEvent(OutputMode mode) {
    CountingSink sink = new CountingSink();
    PrinterOptions options =
        Printed.options(mode)
            .withScreen(new PrinterOptions.Screen(() -> 100, Decoration.NONE))
            .withRows(new Rows(List.of("pid>0,comm!=sshd,error==ENOENT"), "", -1));
    EventPrinter printer =
        new EventPrinter(List.of(OpenEvents.SOURCE), options, sink, new Printed());
    byte[] hostile = "/tmp/\u001b[1m\u65e5\u672c\u0000".getBytes(StandardCharsets.UTF_8);
    hostile[hostile.length - 1] = (byte) 0xff;
    FakeEvent[] events = {
      OpenEvents.container(), OpenEvents.host(), OpenEvents.container().setBytes("fname", hostile)
    };
    printer.opened(OpenEvents.SOURCE);
    print(printer, events, WARM_UP);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    long bytesBefore = sink.bytes;
    long before = threads.getCurrentThreadAllocatedBytes();
    print(printer, events, EVENTS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sink.bytes - bytesBefore).isGreaterThan(EVENTS * 50L);
    assertThat(sink.flushes).isGreaterThan(EVENTS / BATCH);
    assertThat(allocated).as("bytes allocated over " + EVENTS + " events").isLessThan(ONCE_BYTES);
  }

  private static void print(EventPrinter printer, FakeEvent[] events, int count) {
    for (int i = 0; i < count; i++) {
      printer.event(events[i % events.length]);
      if (i % BATCH == BATCH - 1) {
        printer.batchEnd(OpenEvents.SOURCE);
      }
    }
  }
}
