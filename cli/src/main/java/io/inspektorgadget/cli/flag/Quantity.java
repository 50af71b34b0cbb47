// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import java.util.Locale;

/** Durations and sizes as people write them. */
public final class Quantity {
  private static final long SECOND_MS = 1000;
  private static final long PAGE_BYTES = 4096;
  private static final long DURATION_MAX_MS = 365L * 24 * 3600 * SECOND_MS;
  private static final long RING_MAX_BYTES = 1L << 31;

  private Quantity() {}

  /**
   * Reads a duration: seconds ({@code 30}, {@code 0.5}), or a number with {@code ms}, {@code s},
   * {@code m} or {@code h}. An empty text is 0.
   *
   * @return milliseconds, at least 0
   * @throws UsageException if it is none, negative or longer than a year
   */
  public static long durationMs(Flag flag, String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int unitAt = unitStart(text);
    long unitMs =
        switch (text.substring(unitAt)) {
          case "", "s" -> SECOND_MS;
          case "ms" -> 1;
          case "m" -> 60 * SECOND_MS;
          case "h" -> 3600 * SECOND_MS;
          default -> throw wrong(flag, text, "no duration", "30, 0.5s, 200ms or 2m");
        };
    double value = number(text.substring(0, unitAt));
    if (!(value >= 0 && value * unitMs <= DURATION_MAX_MS)) {
      throw wrong(flag, text, "no duration", "30, 0.5s, 200ms or 2m");
    }
    long durationMs = Math.round(value * unitMs);
    if (durationMs == 0 && value > 0) {
      throw wrong(flag, text, "shorter than a millisecond", "1ms or more");
    }
    return durationMs;
  }

  /**
   * Reads the size of a ring buffer: bytes, or a number with {@code KiB}, {@code MiB} (or {@code
   * K}, {@code M}). An empty text is 0.
   *
   * @return bytes: a power of two, at least one page
   * @throws UsageException if it is none
   */
  public static long ringSizeBytes(Flag flag, String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int unitAt = unitStart(text);
    int shift =
        switch (text.substring(unitAt).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 0;
          case "k", "kb", "kib" -> 10;
          case "m", "mb", "mib" -> 20;
          case "g", "gb", "gib" -> 30;
          default -> throw wrong(flag, text, "no size", "8MiB, 512KiB or a number of bytes");
        };
    double value = number(text.substring(0, unitAt)) * (1L << shift);
    if (!(value >= PAGE_BYTES && value <= RING_MAX_BYTES)) {
      throw wrong(flag, text, "no size between 4 KiB and 2 GiB", "8MiB");
    }
    long sizeBytes = (long) value;
    if (Long.bitCount(sizeBytes) != 1) {
      long lower = Long.highestOneBit(sizeBytes);
      throw wrong(
          flag, text, "no power of two, as the kernel wants it", lower + " or " + 2 * lower);
    }
    return sizeBytes;
  }

  private static int unitStart(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    return end;
  }

  /** The number, or NaN where the text is none. */
  private static double number(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static UsageException wrong(Flag flag, String text, String what, String instead) {
    return new UsageException(
        "reading " + flag.name() + ": \"" + text + "\" is " + what + "; write " + instead);
  }
}
