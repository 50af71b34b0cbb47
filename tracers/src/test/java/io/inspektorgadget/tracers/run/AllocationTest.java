// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import io.inspektorgadget.tracers.format.FormatterFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ring, pipeline, view, formatters, sink: nothing of it allocates per event. */
class AllocationTest {
  private static final int WARM_UP = 200_000;
  private static final int EVENTS = 1_000_000;
  private static final int RECORDS = 256;
  private static final int RECORD_SIZE_BYTES = 248;
  private static final int TAIL_OFFSET_BYTES = 128;

  /** What the JVM itself may allocate once on this thread, whatever the number of events. */
  private static final long ONCE_BYTES = 4_096;

  /** Formatter, offset of its number and how long that is. */
  private static final List<Map.Entry<String, Integer>> NUMBERS =
      List.of(
          Map.entry("timestamp", 8),
          Map.entry("errno", 16),
          Map.entry("signal", 24),
          Map.entry("syscall", 32),
          Map.entry("file_mode", 40),
          Map.entry("file_flags", 48),
          Map.entry("bytes", 56),
          Map.entry("duration", 64),
          Map.entry("user", 72),
          Map.entry("group", 80));

  @TempDir Path folder;

  private static SourceDraft source() {
    SourceDraft draft =
        new SourceDraft().number("mntns_id", FieldType.UINT64, "gadget_mntns_id", 0);
    int index = 1;
    for (Map.Entry<String, Integer> number : NUMBERS) {
      String name = number.getKey();
      String semantics = name.equals("timestamp") ? "gadget_timestamp" : "";
      draft.number(name + "_raw", FieldType.UINT64, semantics, number.getValue());
      draft.add(name, FieldType.STRING, "", new FieldOrigin.Computed(name, index, ""));
      index += 2;
    }
    draft.number("kind_raw", FieldType.UINT8, "", 88);
    draft.add(
        "kind", FieldType.STRING, "", new FieldOrigin.Computed("enum", index, ":1=ONE|2=TWO"));
    draft.add(
        "bits", FieldType.STRING, "", new FieldOrigin.Computed("enum", index, ":set:|:1=A|2=B"));
    index += 3;
    draft.text("src.addr_raw", FieldType.BYTES, Encoding.FIXED, 96, 16);
    draft.number("src.version", FieldType.UINT8, "", 112);
    draft.number("src.port", FieldType.UINT16, "", 114);
    draft.add("src", FieldType.STRING, "", new FieldOrigin.Computed("l4endpoint", index, ""));
    index += 4;
    draft.text("argv", FieldType.STRING_LIST, Encoding.TAIL, 116, 4);
    draft.add("args", FieldType.STRING, "", new FieldOrigin.Computed("join", index, " "));
    draft.number("ratio", FieldType.FLOAT64, "", 120);
    draft.add(
        "container",
        FieldType.STRING,
        "",
        new FieldOrigin.Computed("container", 0, "runtime.containerName"));
    draft.text("rest", FieldType.STRING, Encoding.REST, TAIL_OFFSET_BYTES, 0);
    return draft.text("comm", FieldType.STRING, Encoding.NUL_TERMINATED, TAIL_OFFSET_BYTES, 16);
  }

  private static byte[] recordBytes() {
    byte[] argv = "ls\0-l\0/tmp\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer record = ByteBuffer.allocate(RECORD_SIZE_BYTES).order(ByteOrder.nativeOrder());
    record.putLong(0, OneContainerHost.MOUNT_NS).putLong(8, 1_700_000_000_000_000_000L);
    record.putLong(16, 2).putLong(24, 9).putLong(32, 1).putLong(40, 0100644).putLong(48, 0102);
    record.putLong(56, 15_000_000_000L).putLong(64, 1_230_000).putLong(72, 33).putLong(80, 33);
    record.put(88, (byte) 2).put(96, new byte[] {0x20, 1, 0xd, (byte) 0xb8}).put(112, (byte) 6);
    record.putShort(114, (short) 443).putShort(116, (short) TAIL_OFFSET_BYTES);
    record.putShort(118, (short) argv.length).putDouble(120, 2.5).put(TAIL_OFFSET_BYTES, argv);
    return record.array();
  }

  private static BpfObject anyObject() throws IOException {
    try (InputStream in = AllocationTest.class.getResourceAsStream("/bpf/everything.bpf.o")) {
      if (in == null) {
        throw new IllegalStateException("src/test/bpf/everything.bpf.c was not compiled");
      }
      return BpfObject.open("everything", in.readAllBytes());
    }
  }

  @Test
  void nothingIsAllocatedFromTheRingToTheSink() throws IOException {
    OneContainerHost host = OneContainerHost.make(folder);
    CountingSink sink = new CountingSink();
    try (BpfObject object = anyObject();
        FormatterFactory formatters = new FormatterFactory(object, host.filesystem(), "node");
        ContainerCollection containers = host.containers()) {
      SourceDraft draft = source();
      RecordView view = draft.view(formatters.forSchema(draft.schema()));
      ContainerSelector selector = ContainerSelector.ofNames(ValueList.parse("web"));
      Membership membership = new Membership(() -> containers, selector, draft.schema(), 0);
      sink.opened(view.source());
      RecordPipeline pipeline = new RecordPipeline(view, membership, sink);
      MemoryRing ring = new MemoryRing(recordBytes(), RECORDS);
      RingBufferReader reader = ring.reader();
      run(ring, reader, pipeline, WARM_UP);
      assertThat(sink.lastText())
          .contains("ENOENT SIGKILL SYS_WRITE -rw-r--r-- O_RDWR|O_CREAT 15 GB 1.23ms web web TWO B")
          .contains("[2001:db8::]:443 ls-l/tmpls -l /tmp web");
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      run(ring, reader, pipeline, EVENTS);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(sink.events).isGreaterThanOrEqualTo((long) WARM_UP + EVENTS);
      assertThat(ring.consumed()).isEqualTo(sink.events);
      assertThat(allocated).as("bytes over " + EVENTS + " events").isLessThan(ONCE_BYTES);
    }
  }

  private static void run(
      MemoryRing ring, RingBufferReader reader, RecordPipeline pipeline, int events) {
    for (int done = 0; done < events; done += RECORDS) {
      ring.produce(RECORDS);
      reader.drain(pipeline, RECORDS);
      pipeline.batchEnd();
    }
  }
}
