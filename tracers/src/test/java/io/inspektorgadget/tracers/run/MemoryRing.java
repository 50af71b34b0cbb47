// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.RingBufferReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A ring in plain memory, full of records of one size. The producer comes around as often as it is
 * told to: the records lie at the same places in every round. Any one thread may produce.
 */
final class MemoryRing {
  private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
  private static final int HEADER_SIZE_BYTES = 8;
  private static final int PAGE_SIZE_BYTES = 4_096;

  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment data;
  private final int strideBytes;
  private long produced;

  /**
   * A ring of {@code records} (a power of two) that all are {@code record}.
   *
   * @param record 8 bytes less than a power of two
   */
  MemoryRing(byte[] record, int records) {
    Arena arena = Arena.ofAuto();
    this.consumer = arena.allocate(PAGE_SIZE_BYTES, Long.BYTES);
    this.producer = arena.allocate(PAGE_SIZE_BYTES, Long.BYTES);
    this.strideBytes = HEADER_SIZE_BYTES + record.length;
    this.data = arena.allocate(2L * strideBytes * records, Long.BYTES);
    for (int i = 0; i < 2 * records; i++) {
      long at = (long) i * strideBytes;
      data.set(ValueLayout.JAVA_INT, at, record.length);
      MemorySegment.copy(
          record, 0, data, ValueLayout.JAVA_BYTE, at + HEADER_SIZE_BYTES, record.length);
    }
  }

  RingBufferReader reader() {
    return RingBufferReader.ofMemory(consumer, producer, data, null);
  }

  /** Adds records. */
  void produce(int records) {
    produced += (long) records * strideBytes;
    POSITION.setRelease(producer, 0L, produced);
  }

  /** How many records the reader has taken out of the ring. */
  long consumed() {
    return (long) POSITION.getAcquire(consumer, 0L) / strideBytes;
  }
}
