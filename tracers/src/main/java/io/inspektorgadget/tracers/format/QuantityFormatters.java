// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;

/** Texts for sizes and durations that people read at a glance. */
final class QuantityFormatters {
  private static final String[] BYTE_UNITS = {" B", " kB", " MB", " GB", " TB", " PB", " EB"};
  private static final long STEP = 1_000;
  private static final long NS_PER_US = 1_000;
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final long NS_PER_MINUTE = 60 * NS_PER_SECOND;
  private static final long NS_PER_HOUR = 60 * NS_PER_MINUTE;

  private QuantityFormatters() {}

  /** {@code 15 GB}, {@code 1.5 kB}: powers of 1,000, rounded, one decimal below ten. */
  static FieldFormatter.OfField bytes(int source) {
    return (view, out) -> writeBytes(view.longAt(source), out);
  }

  /** {@code 1.23ms}, {@code 1m2.5s}: the largest unit that gives a number of at least one. */
  static FieldFormatter.OfField duration(int source) {
    return (view, out) -> writeDuration(view.longAt(source), out);
  }

  static void writeBytes(long bytes, TextBuffer out) {
    if (bytes >= 0 && bytes < STEP) {
      out.appendDecimal(bytes).appendAscii(BYTE_UNITS[0]);
      return;
    }
    int unit = 0;
    long scaled = bytes;
    long thousandths = 0;
    // Unsigned: a u64 above Long.MAX_VALUE is a large size, not a negative one.
    while (Long.compareUnsigned(scaled, STEP) >= 0) {
      thousandths = Long.remainderUnsigned(scaled, STEP);
      scaled = Long.divideUnsigned(scaled, STEP);
      unit++;
    }
    long tenths = scaled * 10 + (thousandths + 50) / 100;
    long rounded = scaled + (thousandths + 500) / STEP;
    if (rounded == STEP) {
      // 999.5 kB and more is nearer to 1.0 MB than to 999 kB.
      tenths = 10;
      unit++;
    }
    if (tenths < 100) {
      out.appendDecimal(tenths / 10).append('.').appendDecimal(tenths % 10);
    } else {
      out.appendDecimal(rounded);
    }
    out.appendAscii(BYTE_UNITS[unit]);
  }

  static void writeDuration(long ns, TextBuffer out) {
    if (ns < 0) {
      // A u64 this large is a clock that ran backwards; say so rather than print years.
      out.appendUnsigned(ns).appendAscii("ns");
    } else if (ns == 0) {
      out.appendAscii("0s");
    } else if (ns < NS_PER_US) {
      out.appendDecimal(ns).appendAscii("ns");
    } else if (ns < NS_PER_MS) {
      writeDecimals(ns, NS_PER_US, out);
      out.append(0xC2).append(0xB5).append('s');
    } else if (ns < NS_PER_SECOND) {
      writeDecimals(ns, NS_PER_MS, out);
      out.appendAscii("ms");
    } else {
      if (ns >= NS_PER_HOUR) {
        out.appendDecimal(ns / NS_PER_HOUR).append('h');
      }
      if (ns >= NS_PER_MINUTE) {
        out.appendDecimal(ns % NS_PER_HOUR / NS_PER_MINUTE).append('m');
      }
      writeDecimals(ns % NS_PER_MINUTE, NS_PER_SECOND, out);
      out.append('s');
    }
  }

  private static void writeDecimals(long value, long unit, TextBuffer out) {
    out.appendDecimal(value / unit);
    long fraction = value % unit;
    if (fraction == 0) {
      return;
    }
    out.append('.');
    for (long digit = unit / 10; fraction != 0; digit /= 10) {
      out.append('0' + (int) (fraction / digit));
      fraction %= digit;
    }
  }
}
