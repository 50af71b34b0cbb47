// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;

/** Wall-clock ns as RFC 3339 in UTC with nine decimals: {@code 2026-11-24T06:41:40.515035055Z}. */
final class TimestampFormatter implements FieldFormatter {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;
  private static final int SECOND_TEXT_LENGTH = 20;

  private final int source;
  private final TextBuffer secondText = new TextBuffer(SECOND_TEXT_LENGTH);
  private long secondNs;

  TimestampFormatter(int source) {
    this.source = source;
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    long ns = view.longAt(source);
    long fractionNs = ns - secondNs;
    if (fractionNs < 0 || fractionNs >= NS_PER_SECOND || secondText.length() == 0) {
      long second = Math.floorDiv(ns, NS_PER_SECOND);
      secondNs = second * NS_PER_SECOND;
      fractionNs = ns - secondNs;
      secondText.clear();
      writeSecond(second, secondText);
      secondText.append('.');
    }
    out.append(secondText.array(), 0, secondText.length());
    out.appendPadded(fractionNs, 9).append('Z');
  }

  /** Civil date from days since 1970: Howard Hinnant's algorithm over eras of 400 years. */
  private static void writeSecond(long epochSecond, TextBuffer out) {
    long days = Math.floorDiv(epochSecond, SECONDS_PER_DAY);
    long secondOfDay = Math.floorMod(epochSecond, SECONDS_PER_DAY);
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, 146_097);
    long dayOfEra = shifted - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long marchMonth = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    out.appendPadded(year, 4).append('-').appendPadded(month, 2).append('-').appendPadded(day, 2);
    out.append('T').appendPadded(secondOfDay / 3_600, 2).append(':');
    out.appendPadded(secondOfDay / 60 % 60, 2).append(':').appendPadded(secondOfDay % 60, 2);
  }
}
