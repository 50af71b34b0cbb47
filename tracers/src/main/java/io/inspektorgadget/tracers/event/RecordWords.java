// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * The leading words of a record, copied out of the ring at once: an array is read in a fraction of
 * the time of a buffer by code that C1 has compiled, and fields are read several times. What lies
 * behind them, or across two of them, is read from the record itself. Numbers are in the machine's
 * byte order. Single thread.
 */
final class RecordWords {
  /** Records are seldom longer before their texts, and more costs more to copy than to read. */
  static final int BYTES_MAX = 256;

  /**
   * Longer texts are copied faster out of the memory, by a call that costs as much as all these.
   */
  private static final int TEXT_MAX_BYTES = 32;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final long[] words;
  private ByteBuffer memory = NOTHING;
  private LongBuffer wordsOfMemory = NOTHING.asLongBuffer();
  private int base;
  private int count;

  /** Room for the words of the first {@code sizeBytes} bytes, at most {@value #BYTES_MAX}. */
  RecordWords(int sizeBytes) {
    this.words = new long[(Math.min(sizeBytes, BYTES_MAX) + Long.BYTES - 1) / Long.BYTES];
  }

  /** Of as many words as another one. */
  RecordWords(RecordWords original) {
    this.words = new long[original.words.length];
  }

  /** The bytes of which whole words are copied. */
  int sizeBytes() {
    return words.length * Long.BYTES;
  }

  /** Reads records from other memory from now on: all of a buffer in the machine's byte order. */
  void memory(ByteBuffer buffer) {
    this.memory = buffer;
    this.wordsOfMemory = buffer.asLongBuffer();
  }

  /** Copies the words of a record; a last one that the memory holds in part only is not copied. */
  void load(int recordBase, int lengthBytes) {
    this.base = recordBase;
    int rounded = (lengthBytes + Long.BYTES - 1) / Long.BYTES;
    int there = (memory.capacity() - recordBase) / Long.BYTES;
    this.count = Math.min(words.length, Math.min(rounded, there));
    if ((recordBase & (Long.BYTES - 1)) == 0) {
      wordsOfMemory.get(recordBase / Long.BYTES, words, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        words[i] = memory.getLong(recordBase + i * Long.BYTES);
      }
    }
  }

  /** The word of that number, which {@link #sizeBytes} covers; zero where the memory ends. */
  long word(int index) {
    return index < count ? words[index] : lastWord(base + index * Long.BYTES);
  }

  private long lastWord(int from) {
    long word = 0;
    for (int i = 0; i < Long.BYTES && from + i < memory.capacity(); i++) {
      word |= (memory.get(from + i) & 0xffL) << ((LITTLE ? i : Long.BYTES - 1 - i) * Byte.SIZE);
    }
    return word;
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes, which the record holds. */
  long unsigned(int offset, int widthBytes) {
    int first = offset >> 3;
    if (first >= count || first != (offset + widthBytes - 1) >> 3) {
      return slow(offset, widthBytes);
    }
    int unused = Long.SIZE - (widthBytes << 3);
    int before = (offset & 7) << 3;
    return words[first] << (LITTLE ? unused - before : before) >>> unused;
  }

  /**
   * Copies bytes of the record, whose end nothing checks here, into an array.
   *
   * @return false if there are too many for this way, and nothing was copied
   */
  boolean copy(int offset, int sizeBytes, byte[] target, int start) {
    if (sizeBytes > TEXT_MAX_BYTES || offset + sizeBytes > count * Long.BYTES) {
      return false;
    }
    for (int i = 0; i < sizeBytes; i++) {
      int at = offset + i;
      int shift = (LITTLE ? at & 7 : 7 - (at & 7)) << 3;
      target[start + i] = (byte) (words[at >> 3] >>> shift);
    }
    return true;
  }

  private long slow(int offset, int widthBytes) {
    int at = base + offset;
    return switch (widthBytes) {
      case Byte.BYTES -> memory.get(at) & 0xff;
      case Short.BYTES -> memory.getShort(at) & 0xffff;
      case Integer.BYTES -> memory.getInt(at) & 0xffff_ffffL;
      default -> memory.getLong(at);
    };
  }
}
