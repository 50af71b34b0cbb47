// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.text;

import io.inspektorgadget.model.event.TextBuffer;

/** Floating-point numbers as text, without garbage for numbers of everyday size. */
public final class FloatText {
  private static final int DECIMALS_MAX = 15;

  /** Below 2^53 a double holds every integer, so scaling to an integer is exact enough. */
  private static final double EXACT_MAX = 9_007_199_254_740_992.0;

  private static final double[] POWERS = powers();

  private FloatText() {}

  private static double[] powers() {
    double[] powers = new double[DECIMALS_MAX + 1];
    double power = 1;
    for (int i = 0; i < powers.length; i++) {
      powers[i] = power;
      power *= 10;
    }
    return powers;
  }

  /**
   * Appends the shortest decimal number that reads back as the same value; numbers that are very
   * large or very small get an exponent (and cost an allocation).
   *
   * @param value a finite number
   * @param single true if the value was a {@code float}: then it must only read back as that
   */
  public static void appendShortest(double value, boolean single, TextBuffer out) {
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
      double scaled = Math.rint(value * POWERS[decimals]);
      if (Math.abs(scaled) >= EXACT_MAX) {
        break;
      }
      double back = scaled / POWERS[decimals];
      if (single ? (float) back == (float) value : back == value) {
        appendScaled((long) scaled, decimals, value < 0, out);
        return;
      }
    }
    out.appendAscii(single ? Float.toString((float) value) : Double.toString(value));
  }

  /**
   * Appends the number with exactly that many decimals ({@code NaN} and infinities by name).
   *
   * @param decimals 0 to 15; a negative number means as many as needed
   */
  public static void appendFixed(double value, int decimals, TextBuffer out) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.appendAscii(Double.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf");
      return;
    }
    int places = Math.min(decimals, DECIMALS_MAX);
    if (places < 0 || Math.abs(value) * POWERS[places] >= EXACT_MAX) {
      appendShortest(value, false, out);
      return;
    }
    long scaled = Math.round(Math.abs(value) * POWERS[places]);
    appendScaled(scaled, places, value < 0 && scaled != 0, out);
  }

  private static void appendScaled(long scaled, int decimals, boolean negative, TextBuffer out) {
    long magnitude = Math.abs(scaled);
    long unit = (long) POWERS[decimals];
    if (negative) {
      out.append('-');
    }
    out.appendDecimal(magnitude / unit);
    if (decimals > 0) {
      out.append('.');
      out.appendPadded(magnitude % unit, decimals);
    }
  }
}
