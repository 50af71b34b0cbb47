// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.MappedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a BPF ring buffer (BPF_MAP_TYPE_RINGBUF) in the memory that the kernel maps for it: no
 * copy, no upcall, no allocation.
 *
 * <p>The layout is that of kernel/bpf/ringbuf.c: a page with the consumer's position, a page with
 * the producers', then the data area, mapped twice in a row so that a record that wraps is still
 * contiguous. A record starts with a word of its length and the flags busy and discarded, and a
 * word that is the kernel's own.
 *
 * <p>Positions and headers are read and written as plain aligned words beside explicit fences: a
 * buffer's accessors are cheap from their first call on, in the interpreter too.
 *
 * <p>One thread drains; the owner closes the reader after that thread has ended. The map stays with
 * its object.
 */
public final class RingBufferReader implements AutoCloseable {
  /** Mapped twice in a row a ring has to stay within what an int can address. */
  static final long SIZE_MAX_BYTES = 512L << 20;

  private static final int DISCARDED = 1 << 30;
  private static final int LENGTH_MASK = DISCARDED - 1;
  private static final int HEADER_SIZE_BYTES = 8;
  private static final long ALIGNMENT_MASK = 7;

  private final ByteBuffer consumerPage;
  private final ByteBuffer producerPage;
  private final MemorySegment data;
  private final ByteBuffer headers;
  private final @Nullable ByteBuffer readerWaitsWord;
  private final long positionMask;
  private final Source source;

  /** Only this reader writes the mapped position, so it never has to be read back. */
  private long consumerPosition;

  /** Takes the records of a ring, one call each. */
  @FunctionalInterface
  public interface RecordHandler {
    /**
     * One record, valid during the call only.
     *
     * @param ring the whole data area, mapped twice
     * @param offset where the record's first byte lies in it, a multiple of 8
     * @param lengthBytes as the program reserved or wrote it
     */
    void record(MemorySegment ring, long offset, int lengthBytes);
  }

  /** What stands behind the memory: nothing in a test, a map and its mappings otherwise. */
  private record Source(int fd, @Nullable MappedMemory consumer, @Nullable MappedMemory producer) {
    void close() {
      if (producer != null) {
        producer.close();
      }
      if (consumer != null) {
        consumer.close();
      }
    }
  }

  private RingBufferReader(
      MemorySegment consumerPage,
      MemorySegment producerPage,
      MemorySegment data,
      @Nullable MemorySegment readerWaitsWord,
      Source source) {
    this.consumerPage = words(consumerPage);
    this.producerPage = words(producerPage);
    this.data = data;
    this.headers = words(data);
    this.readerWaitsWord = readerWaitsWord == null ? null : words(readerWaitsWord);
    this.positionMask = data.byteSize() / 2 - 1;
    this.source = source;
    this.consumerPosition = this.consumerPage.getLong(0);
    VarHandle.acquireFence();
  }

  private static ByteBuffer words(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  private long producerPosition() {
    long position = producerPage.getLong(0);
    VarHandle.acquireFence();
    return position;
  }

  /**
   * Maps a loaded ring.
   *
   * @param readerWaitsWord the mapped u32 in which the reader tells the programs that it waits for
   *     a wake-up; null for programs that decide on their own
   * @throws BpfException if the map is no ring buffer, is not loaded (ENOENT), or is larger than
   *     {@value #SIZE_MAX_BYTES} bytes
   */
  public static RingBufferReader open(BpfMap ring, @Nullable MemorySegment readerWaitsWord) {
    if (ring.type() != MapType.RING_BUFFER) {
      throw new BpfException(
          "mapping", "map " + ring.name(), 0, "it is of type " + ring.type() + ", no ring buffer");
    }
    int fd = ring.fd();
    long sizeBytes = ring.maxEntries();
    if (sizeBytes > SIZE_MAX_BYTES) {
      throw new BpfException(
          "mapping",
          "map " + ring.name(),
          0,
          "its " + sizeBytes + " bytes are more than " + SIZE_MAX_BYTES);
    }
    long page = MappedMemory.pageSizeBytes();
    String subject = "ring buffer " + ring.name();
    MappedMemory consumer = MappedMemory.ofFd(fd, 0, page, true, subject);
    try {
      MappedMemory producer = MappedMemory.ofFd(fd, page, page + 2 * sizeBytes, false, subject);
      return new RingBufferReader(
          consumer.segment(),
          producer.segment().asSlice(0, page),
          producer.segment().asSlice(page),
          readerWaitsWord,
          new Source(fd, consumer, producer));
    } catch (RuntimeException exception) {
      consumer.close();
      throw exception;
    }
  }

  /**
   * Reads a ring that lies in any memory, for tests and replays. There is no descriptor to wait
   * for.
   *
   * @param consumerPage starts with the consumer's position, written
   * @param producerPage starts with the producers' position, only read
   * @param data two equal halves, each a power of two bytes; the second one mirrors the first
   * @param readerWaitsWord as in {@link #open}
   */
  public static RingBufferReader ofMemory(
      MemorySegment consumerPage,
      MemorySegment producerPage,
      MemorySegment data,
      @Nullable MemorySegment readerWaitsWord) {
    long sizeBytes = data.byteSize() / 2;
    if (Long.bitCount(sizeBytes) != 1 || sizeBytes < HEADER_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "reading a ring of " + sizeBytes + " bytes: its size has to be a power of two");
    }
    return new RingBufferReader(
        consumerPage, producerPage, data, readerWaitsWord, new Source(-1, null, null));
  }

  /** The room for records, in bytes; a power of two. */
  public long sizeBytes() {
    return positionMask + 1;
  }

  /** The map's descriptor; readable when a program woke the reader and records are there. */
  public int fd() {
    return source.fd;
  }

  /**
   * Hands over the records that are complete, in order, and frees their room in one step at the
   * end, also when the handler throws: the record that made it throw counts as taken.
   *
   * @param limit at most so many records
   * @return records handed over; 0 if none is complete, although a later one may be
   */
  public int drain(RecordHandler handler, int limit) {
    long producer = producerPosition();
    long position = consumerPosition;
    if (position >= producer || limit <= 0) {
      return 0;
    }
    int count = 0;
    try {
      do {
        long offset = position & positionMask;
        int header = headers.getInt((int) offset);
        VarHandle.acquireFence();
        if (header < 0) {
          // Busy is the sign bit: the program that reserved it has not submitted it yet.
          break;
        }
        int lengthBytes = header & LENGTH_MASK;
        position += (lengthBytes + HEADER_SIZE_BYTES + ALIGNMENT_MASK) & ~ALIGNMENT_MASK;
        if ((header & DISCARDED) == 0) {
          count++;
          handler.record(data, offset + HEADER_SIZE_BYTES, lengthBytes);
        }
      } while (position < producer && count < limit);
    } finally {
      consumerPosition = position;
      VarHandle.releaseFence();
      consumerPage.putLong(0, position);
    }
    return count;
  }

  /** True if the ring holds something that was not taken out yet, complete or not. */
  public boolean hasPending() {
    return producerPosition() != consumerPosition;
  }

  /**
   * Asks the programs for a wake-up and looks at the ring once more.
   *
   * @return true if the ring is empty and the caller may block on {@link #fd}; false if something
   *     is in it: drain again, after a short wait if it hands over nothing, because the first
   *     record is still being written
   */
  public boolean prepareToBlock() {
    ByteBuffer word = readerWaitsWord;
    if (word != null) {
      word.putInt(0, 1);
    }
    // Between our store (word, consumer position) and the load of the producers' position: without
    // it each side may miss what the other one has just written.
    VarHandle.fullFence();
    if (!hasPending()) {
      return true;
    }
    if (word != null) {
      word.putInt(0, 0);
    }
    return false;
  }

  /** Unmaps the ring; the map itself stays open. */
  @Override
  public void close() {
    source.close();
  }
}
