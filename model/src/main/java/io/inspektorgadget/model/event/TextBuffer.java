// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are being written: a reused, growing array. After it has grown to its working size
 * nothing is allocated. Single thread: whoever writes the event.
 */
public final class TextBuffer {
  private static final byte[] MIN_LONG =
      Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  /** An empty buffer that grows when it must; {@code capacityBytes} must be positive. */
  public TextBuffer(int capacityBytes) {
    if (capacityBytes <= 0) {
      throw new IllegalArgumentException("capacityBytes must be positive: " + capacityBytes);
    }
    this.bytes = new byte[capacityBytes];
  }

  /**
   * The array written into; only the first {@link #length()} bytes count, and only until the next
   * append.
   */
  public byte[] array() {
    return bytes;
  }

  /** Bytes written so far. */
  public int length() {
    return length;
  }

  /** Forgets what was written. */
  public void clear() {
    length = 0;
  }

  /** Cuts back to an earlier length. */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IndexOutOfBoundsException("cannot truncate " + length + " bytes to " + newLength);
    }
    length = newLength;
  }

  /** Makes room for {@code count} more bytes and returns the array; see {@link #advance}. */
  public byte[] reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
    return bytes;
  }

  /**
   * Counts {@code count} bytes that the caller has put behind {@link #length()} after {@link
   * #reserve}.
   */
  public void advance(int count) {
    length += count;
  }

  /** Appends one byte (its low 8 bits). */
  public TextBuffer append(int value) {
    reserve(1)[length++] = (byte) value;
    return this;
  }

  /** Appends all bytes. */
  public TextBuffer append(byte[] source) {
    return append(source, 0, source.length);
  }

  /** Appends a range of bytes. */
  public TextBuffer append(byte[] source, int offset, int count) {
    System.arraycopy(source, offset, reserve(count), length, count);
    length += count;
    return this;
  }

  /** Appends characters below U+0080; others become {@code ?}. Allocates nothing. */
  public TextBuffer appendAscii(CharSequence text) {
    int count = text.length();
    byte[] target = reserve(count);
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      target[length + i] = (byte) (c < 0x80 ? c : '?');
    }
    length += count;
    return this;
  }

  /** Appends a text in UTF-8. Allocates; not for the way of an event. */
  public TextBuffer appendUtf8(String text) {
    return append(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends a signed decimal number. */
  public TextBuffer appendDecimal(long value) {
    if (value >= 0) {
      return appendDigits(value);
    }
    if (value == Long.MIN_VALUE) {
      return append(MIN_LONG);
    }
    append('-');
    return appendDigits(-value);
  }

  /** Appends a decimal number, the 64 bits read as unsigned. */
  public TextBuffer appendUnsigned(long value) {
    if (value >= 0) {
      return appendDigits(value);
    }
    long quotient = Long.divideUnsigned(value, 10);
    appendDigits(quotient);
    return append('0' + (int) (value - quotient * 10));
  }

  /** Appends a number of at least {@code digits} decimal digits, zeros in front; not negative. */
  public TextBuffer appendPadded(long value, int digits) {
    int count = Math.max(digits, decimalDigits(value));
    byte[] target = reserve(count);
    long rest = value;
    for (int i = length + count - 1; i >= length; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
    return this;
  }

  /** Appends a number in lower-case hexadecimal, without prefix or leading zeros. */
  public TextBuffer appendHex(long value) {
    int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
    byte[] target = reserve(digits);
    for (int i = digits - 1; i >= 0; i--) {
      target[length++] = (byte) Character.forDigit((int) (value >>> (4 * i)) & 0xf, 16);
    }
    return this;
  }

  private TextBuffer appendDigits(long value) {
    return appendPadded(value, 1);
  }

  private static int decimalDigits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** What was written, read as UTF-8. */
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
