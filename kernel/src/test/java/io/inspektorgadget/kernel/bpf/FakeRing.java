// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Plays the kernel's side of a ring buffer in plain memory: both halves are kept the same. */
final class FakeRing {
  static final int BUSY = 1 << 31;
  static final int DISCARDED = 1 << 30;

  final MemorySegment consumerPage;
  final MemorySegment producerPage;
  final MemorySegment data;
  final MemorySegment waitWord;
  private final long sizeBytes;
  private long producer;

  FakeRing(Arena arena, int sizeBytes, long startPosition) {
    this.consumerPage = arena.allocate(4096, 8);
    this.producerPage = arena.allocate(4096, 8);
    this.data = arena.allocate(2L * sizeBytes, 8);
    this.waitWord = arena.allocate(JAVA_INT);
    this.sizeBytes = sizeBytes;
    this.producer = startPosition;
    consumerPage.set(JAVA_LONG, 0, startPosition);
    producerPage.set(JAVA_LONG, 0, startPosition);
  }

  RingBufferReader reader() {
    return RingBufferReader.ofMemory(consumerPage, producerPage, data, waitWord);
  }

  /** Reserves room, fills it with a byte and sets the header; the position where it lies. */
  long add(int lengthBytes, int flags, int fill) {
    long used = (lengthBytes + 8L + 7) & ~7L;
    if (producer + used - consumerPage.get(JAVA_LONG, 0) > sizeBytes) {
      throw new IllegalStateException("the fake ring is full");
    }
    long position = producer;
    for (int index = 0; index < lengthBytes; index++) {
      setByte(position + 8 + index, (byte) fill);
    }
    setHeader(position, lengthBytes, flags);
    producer += used;
    producerPage.set(JAVA_LONG, 0, producer);
    return position;
  }

  void setHeader(long position, int lengthBytes, int flags) {
    long offset = position % sizeBytes;
    data.set(JAVA_INT, offset, lengthBytes | flags);
    data.set(JAVA_INT, offset + sizeBytes, lengthBytes | flags);
  }

  private void setByte(long position, byte value) {
    long offset = position % sizeBytes;
    data.set(JAVA_BYTE, offset, value);
    data.set(JAVA_BYTE, offset + sizeBytes, value);
  }

  long consumerPosition() {
    return consumerPage.get(JAVA_LONG, 0);
  }

  long producerPosition() {
    return producer;
  }
}
