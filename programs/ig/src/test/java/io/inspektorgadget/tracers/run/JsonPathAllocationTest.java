// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.MessageSink;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Clock;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.tracers.event.BootClock;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.format.FormatterFactory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of {@code trace_open} in a ring become lines of JSON, and nothing is allocated. */
class JsonPathAllocationTest {
  private static final int WARM_UP = 200_000;
  private static final int EVENTS = 1_000_000;
  private static final int RECORDS = 256;
  private static final int STRIDE_BYTES = 256;
  private static final int HEADER_SIZE_BYTES = 8;
  private static final int NAME_OFFSET_BYTES = 200;

  /** What the JVM itself may allocate once on this thread, whatever the number of events. */
  private static final long ONCE_BYTES = 4_096;

  @TempDir Path folder;

  private static final class Discarding implements ByteSink, MessageSink {
    long lines;
    String lastText = "";
    boolean remembers = true;

    @Override
    public void write(byte[] array, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        lines += array[i] == '\n' ? 1 : 0;
      }
      if (remembers) {
        lastText = new String(array, offset, length, StandardCharsets.UTF_8);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void warning(String line) {
      throw new IllegalStateException(line);
    }

    @Override
    public void loss(String line) {
      throw new IllegalStateException(line);
    }
  }

  /** One record as the kernel program writes it, at the places that the catalog says. */
  private static byte[] record(EventSchema schema) {
    byte[] name = "/tmp/\u65e5\u672c\n\u001b[1m".getBytes(StandardCharsets.UTF_8);
    ByteBuffer record =
        ByteBuffer.allocate(STRIDE_BYTES - HEADER_SIZE_BYTES).order(ByteOrder.nativeOrder());
    record.putLong(OpenRecords.offset(schema, "timestamp_raw"), Clock.bootNs());
    record.putInt(OpenRecords.offset(schema, "proc.pid"), 4_711);
    record.put(
        OpenRecords.offset(schema, "proc.comm"), "opener".getBytes(StandardCharsets.US_ASCII));
    record.putInt(OpenRecords.offset(schema, "error_raw"), 2);
    record.putInt(OpenRecords.offset(schema, "flags_raw"), 0102);
    record.putInt(OpenRecords.offset(schema, "mode_raw"), 0644);
    record.putShort(OpenRecords.offset(schema, "fname"), (short) NAME_OFFSET_BYTES);
    record.putShort(OpenRecords.offset(schema, "fname") + Short.BYTES, (short) name.length);
    record.put(NAME_OFFSET_BYTES, name);
    return record.array();
  }

  private static final class Ring {
    final MemorySegment producer = Arena.ofAuto().allocate(4_096, Long.BYTES);
    final RingBufferReader reader;

    Ring(byte[] record) {
      Arena arena = Arena.ofAuto();
      MemorySegment data = arena.allocate(2L * STRIDE_BYTES * RECORDS, Long.BYTES);
      for (int i = 0; i < 2 * RECORDS; i++) {
        long at = (long) i * STRIDE_BYTES;
        data.set(ValueLayout.JAVA_INT, at, record.length);
        MemorySegment.copy(
            record, 0, data, ValueLayout.JAVA_BYTE, at + HEADER_SIZE_BYTES, record.length);
      }
      this.reader =
          RingBufferReader.ofMemory(arena.allocate(4_096, Long.BYTES), producer, data, null);
    }

    void run(RecordPipeline pipeline, int events) {
      for (int done = 0; done < events; done += RECORDS) {
        long position = producer.get(ValueLayout.JAVA_LONG, 0);
        producer.set(ValueLayout.JAVA_LONG, 0, position + (long) RECORDS * STRIDE_BYTES);
        reader.drain(pipeline, RECORDS);
        pipeline.batchEnd();
      }
    }
  }

  @Test
  void nothingIsAllocatedFromTheRingToTheLineOfJson() throws IOException {
    Files.createDirectory(folder.resolve("proc"));
    GadgetSpec spec = OpenRecords.gadget();
    DataSource source = spec.sources().getFirst().source();
    BootClock clock = new BootClock(Clock::bootNs, Clock::wallNs);
    Discarding sink = new Discarding();
    EventPrinter printer =
        new EventPrinter(
            List.of(source), PrinterOptions.USUAL.withMode(OutputMode.JSON), sink, sink);
    try (BpfObject object = OpenRecords.object(spec);
        FormatterFactory formatters =
            new FormatterFactory(object, HostFilesystem.ofEnvironment(), "node");
        ContainerCollection containers =
            ContainerCollection.start(
                new HostFilesystem(folder), CollectionOptions.DEFAULTS.withoutBirths())) {
      RecordView view = new RecordView(source, formatters.forSchema(source.schema()), clock);
      RecordPipeline pipeline =
          new RecordPipeline(
              view,
              new Membership(() -> containers, ContainerSelector.HOST, source.schema(), 0),
              printer);
      printer.opened(source);
      Ring ring = new Ring(record(source.schema()));
      ring.run(pipeline, RECORDS);
      assertThat(sink.lastText)
          .contains("\"fname\":\"/tmp/\u65e5\u672c\\n\\u001b[1m\"")
          .contains("\"error\":\"ENOENT\"")
          .contains("\"flags\":\"O_RDWR|O_CREAT\"");
      sink.remembers = false;
      ring.run(pipeline, WARM_UP);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long linesBefore = sink.lines;
      long before = threads.getCurrentThreadAllocatedBytes();
      ring.run(pipeline, EVENTS);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(sink.lines - linesBefore).isGreaterThanOrEqualTo(EVENTS);
      assertThat(allocated).as("bytes over " + EVENTS + " events").isLessThan(ONCE_BYTES);
    }
  }
}
