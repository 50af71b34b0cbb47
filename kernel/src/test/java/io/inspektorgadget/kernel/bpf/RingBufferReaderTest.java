// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingBufferReaderTest {
  private final Arena arena = Arena.ofAuto();

  private static final class Collector implements RingBufferReader.RecordHandler {
    final List<String> records = new ArrayList<>();

    @Override
    public void record(MemorySegment ring, long offset, int lengthBytes) {
      byte first = lengthBytes == 0 ? 0 : ring.get(JAVA_BYTE, offset);
      for (int index = 0; index < lengthBytes; index++) {
        assertThat(ring.get(JAVA_BYTE, offset + index)).isEqualTo(first);
      }
      records.add(lengthBytes + ":" + first);
    }
  }

  @Test
  void handsOverRecordsInOrderAndFreesTheirRoom() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    ring.add(3, 0, 7);
    ring.add(0, 0, 0);
    ring.add(16, 0, 9);
    Collector collector = new Collector();
    assertThat(reader.drain(collector, 100)).isEqualTo(3);
    assertThat(collector.records).containsExactly("3:7", "0:0", "16:9");
    assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition());
    assertThat(reader.drain(collector, 100)).isZero();
    assertThat(reader.hasPending()).isFalse();
  }

  @Test
  void stopsAtARecordThatIsStillWritten() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    ring.add(8, 0, 1);
    long busy = ring.add(8, FakeRing.BUSY, 2);
    ring.add(8, 0, 3);
    Collector collector = new Collector();
    assertThat(reader.drain(collector, 100)).isEqualTo(1);
    assertThat(ring.consumerPosition()).isEqualTo(busy);
    assertThat(reader.drain(collector, 100)).isZero();
    assertThat(reader.hasPending()).isTrue();
    ring.setHeader(busy, 8, 0);
    assertThat(reader.drain(collector, 100)).isEqualTo(2);
    assertThat(collector.records).containsExactly("8:1", "8:2", "8:3");
  }

  @Test
  void skipsDiscardedRecordsWithoutCountingThem() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    ring.add(8, FakeRing.DISCARDED, 1);
    ring.add(8, 0, 2);
    ring.add(100, FakeRing.DISCARDED, 3);
    Collector collector = new Collector();
    assertThat(reader.drain(collector, 100)).isEqualTo(1);
    assertThat(collector.records).containsExactly("8:2");
    assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition());
  }

  @Test
  void takesNoMoreThanTheLimit() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    for (int number = 1; number <= 5; number++) {
      ring.add(8, 0, number);
    }
    Collector collector = new Collector();
    assertThat(reader.drain(collector, 2)).isEqualTo(2);
    assertThat(ring.consumerPosition()).isEqualTo(32);
    assertThat(reader.drain(collector, 0)).isZero();
    assertThat(reader.drain(collector, 2)).isEqualTo(2);
    assertThat(reader.drain(collector, 2)).isEqualTo(1);
    assertThat(collector.records).containsExactly("8:1", "8:2", "8:3", "8:4", "8:5");
  }

  @Test
  void readsRecordsThatWrapAroundAtAnyPosition() {
    Random random = new Random(20261124);
    // Positions are 64-bit and only grow: start near the end of 32 bits.
    FakeRing ring = new FakeRing(arena, 1024, 0xffff_ff00L);
    RingBufferReader reader = ring.reader();
    Collector collector = new Collector();
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 5_000; round++) {
      int lengthBytes = 1 + random.nextInt(400);
      int fill = 1 + random.nextInt(100);
      boolean discarded = random.nextInt(4) == 0;
      ring.add(lengthBytes, discarded ? FakeRing.DISCARDED : 0, fill);
      if (!discarded) {
        expected.add(lengthBytes + ":" + fill);
      }
      if (random.nextBoolean() || round % 2 == 1) {
        reader.drain(collector, Integer.MAX_VALUE);
      }
    }
    reader.drain(collector, Integer.MAX_VALUE);
    assertThat(collector.records).isEqualTo(expected);
  }

  @Test
  void countsTheRecordAsTakenWhoseHandlerThrows() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    ring.add(8, 0, 1);
    ring.add(8, 0, 2);
    RingBufferReader.RecordHandler failing =
        (memory, offset, lengthBytes) -> {
          throw new IllegalStateException("full disk");
        };
    assertThatThrownBy(() -> reader.drain(failing, 100)).hasMessage("full disk");
    assertThat(ring.consumerPosition()).isEqualTo(16);
    Collector collector = new Collector();
    assertThat(reader.drain(collector, 100)).isEqualTo(1);
    assertThat(collector.records).containsExactly("8:2");
  }

  @Test
  void asksForAWakeUpOnlyWhileTheRingIsEmpty() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    RingBufferReader reader = ring.reader();
    assertThat(reader.prepareToBlock()).isTrue();
    assertThat(ring.waitWord.get(JAVA_INT, 0)).isEqualTo(1);
    ring.add(8, FakeRing.BUSY, 1);
    assertThat(reader.prepareToBlock()).isFalse();
    assertThat(ring.waitWord.get(JAVA_INT, 0)).isZero();
  }

  @Test
  void goesOnWhereAnEarlierReaderStopped() {
    FakeRing ring = new FakeRing(arena, 4096, 0);
    ring.add(8, 0, 1);
    ring.add(8, 0, 2);
    assertThat(ring.reader().drain(new Collector(), 1)).isEqualTo(1);
    Collector second = new Collector();
    ring.reader().drain(second, 10);
    assertThat(second.records).containsExactly("8:2");
  }

  @Test
  void refusesADataAreaThatIsNoPowerOfTwo() {
    MemorySegment page = arena.allocate(4096, 8);
    assertThatThrownBy(
            () -> RingBufferReader.ofMemory(page, page, arena.allocate(2 * 3000, 8), null))
        .hasMessageContaining("power of two");
  }

  @Test
  void allocatesNothingPerRecord() {
    FakeRing ring = new FakeRing(arena, 1 << 16, 0);
    RingBufferReader reader = ring.reader();
    long[] sum = new long[1];
    RingBufferReader.RecordHandler handler =
        (memory, offset, lengthBytes) -> sum[0] += memory.get(JAVA_INT, offset) + lengthBytes;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    readRecords(ring, reader, handler, 200_000);
    long before = threads.getThreadAllocatedBytes(thread);
    long unavoidable = threads.getThreadAllocatedBytes(thread) - before;
    before = threads.getThreadAllocatedBytes(thread);
    int count = readRecords(ring, reader, handler, 1_000_000);
    long allocated = threads.getThreadAllocatedBytes(thread) - before - unavoidable;
    assertThat(count).isEqualTo(1_000_000);
    assertThat(sum[0]).isNotZero();
    // One object per batch or event would be megabytes; the interpreter's own traces are a page.
    assertThat(allocated).isLessThan(4096);
  }

  private static int readRecords(
      FakeRing ring, RingBufferReader reader, RingBufferReader.RecordHandler handler, int goal) {
    int count = 0;
    while (count < goal) {
      for (int number = 0; number < 500; number++) {
        ring.add(40, 0, number);
      }
      count += reader.drain(handler, 1000);
      if (!reader.prepareToBlock()) {
        throw new IllegalStateException("drained, but something is pending");
      }
    }
    return count;
  }
}
