// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A record made by hand. It lies between bytes that belong to others, all 0x5a, so that a read
 * beyond the record shows.
 */
public final class RecordBytes {
  private static final int MARGIN_BYTES = 64;
  private static final byte FOREIGN = 0x5a;

  private final MemorySegment segment;
  private final int lengthBytes;

  /** A record of zeroes. */
  public RecordBytes(int lengthBytes) {
    this.lengthBytes = lengthBytes;
    this.segment = Arena.ofAuto().allocate(lengthBytes + 2L * MARGIN_BYTES, Long.BYTES);
    segment.fill(FOREIGN);
    segment.asSlice(MARGIN_BYTES, lengthBytes).fill((byte) 0);
  }

  /** Puts one byte. */
  public RecordBytes byteAt(int offset, int value) {
    segment.set(ValueLayout.JAVA_BYTE, MARGIN_BYTES + offset, (byte) value);
    return this;
  }

  /** Puts two bytes in the machine's order. */
  public RecordBytes shortAt(int offset, int value) {
    segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, MARGIN_BYTES + offset, (short) value);
    return this;
  }

  /** Puts four bytes in the machine's order. */
  public RecordBytes intAt(int offset, int value) {
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, MARGIN_BYTES + offset, value);
    return this;
  }

  /** Puts eight bytes in the machine's order. */
  public RecordBytes longAt(int offset, long value) {
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, MARGIN_BYTES + offset, value);
    return this;
  }

  /** Puts a text without an end mark. */
  public RecordBytes textAt(int offset, String text) {
    return bytesAt(offset, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts bytes. */
  public RecordBytes bytesAt(int offset, byte[] bytes) {
    MemorySegment.copy(
        bytes, 0, segment, ValueLayout.JAVA_BYTE, MARGIN_BYTES + (long) offset, bytes.length);
    return this;
  }

  /** Says where a text of the tail lies. */
  public RecordBytes tailAt(int offset, int start, int length) {
    return shortAt(offset, start).shortAt(offset + Short.BYTES, length);
  }

  /** Puts the view on the record. */
  public RecordView on(RecordView view) {
    view.wrap(segment, MARGIN_BYTES, lengthBytes, null);
    return view;
  }
}
