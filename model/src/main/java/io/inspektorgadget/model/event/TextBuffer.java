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

  /** 00 to 99, two characters each. */
  private static final byte[] PAIRS = pairs();

  /** The smallest numbers of 2, 3, 4 … decimal digits. */
  private static final long[] DIGIT_LIMITS = digitLimits();

  private static final int EIGHT_DIGITS = 100_000_000;

  private byte[] bytes;
  private int length;

  /** An empty buffer that grows when it must; {@code capacityBytes} must be positive. */
  public TextBuffer(int capacityBytes) {
    if (capacityBytes <= 0) {
      throw new IllegalArgumentException("capacityBytes must be positive: " + capacityBytes);
    }
    this.bytes = new byte[capacityBytes];
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  private static long[] digitLimits() {
    long[] limits = new long[18];
    long limit = 10;
    for (int i = 0; i < limits.length; i++) {
      limits[i] = limit;
      limit *= 10;
    }
    return limits;
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
    int start = length;
    int end = start + count;
    length = end;
    long rest = value;
    while (rest >= EIGHT_DIGITS) {
      long quotient = rest / EIGHT_DIGITS;
      int low = (int) (rest - quotient * EIGHT_DIGITS);
      int high = tenThousandths(low);
      putFour(low - high * 10_000, target, end - 4);
      putFour(high, target, end - 8);
      end -= 8;
      rest = quotient;
    }
    int small = (int) rest;
    if (end - start >= 4 && small >= 1_000) {
      int high = tenThousandths(small);
      putFour(small - high * 10_000, target, end - 4);
      end -= 4;
      small = high;
    }
    while (end > start) {
      // Division by a constant as a multiplication: this must be quick in every tier of the JIT.
      int tenth = (int) ((small * 52_429L) >>> 19);
      target[--end] = (byte) ('0' + small - tenth * 10);
      small = tenth;
    }
    return this;
  }

  /** A number below 100,000,000 divided by 10,000. */
  private static int tenThousandths(int value) {
    return (int) ((value * 109_951_163L) >>> 40);
  }

  private static void putFour(int value, byte[] target, int at) {
    int high = (value * 5_243) >>> 19;
    int low = value - high * 100;
    target[at] = PAIRS[2 * high];
    target[at + 1] = PAIRS[2 * high + 1];
    target[at + 2] = PAIRS[2 * low];
    target[at + 3] = PAIRS[2 * low + 1];
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
    // Long numbers are mostly times, which have nineteen digits.
    int digits = value < DIGIT_LIMITS[7] ? 1 : value < DIGIT_LIMITS[15] ? 9 : 17;
    while (digits <= DIGIT_LIMITS.length && value >= DIGIT_LIMITS[digits - 1]) {
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
