// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampFormatterTest {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00.000000000Z",
    "1, 1970-01-01T00:00:00.000000001Z",
    "-1, 1969-12-31T23:59:59.999999999Z",
    "-1000000000, 1969-12-31T23:59:59.000000000Z",
    "951782399999999999, 2000-02-28T23:59:59.999999999Z",
    "951782400000000000, 2000-02-29T00:00:00.000000000Z",
    "951868800000000000, 2000-03-01T00:00:00.000000000Z",
    "1709164800000000000, 2024-02-29T00:00:00.000000000Z",
    "4107542400000000000, 2100-03-01T00:00:00.000000000Z",
    "4107456000000000000, 2100-02-28T00:00:00.000000000Z",
    "1764029479515035055, 2025-11-25T00:11:19.515035055Z",
    "9223372036854775807, 2262-04-11T23:47:16.854775807Z",
    "-9223372036854775808, 1677-09-21T00:12:43.145224192Z"
  })
  void writesRfc3339(long ns, String expected) {
    assertThat(Formatted.number(new TimestampFormatter(0), ns)).isEqualTo(expected);
  }

  @Test
  void keepsItsSecondOnlyForThatSecond() {
    TimestampFormatter formatter = new TimestampFormatter(0);
    assertThat(Formatted.number(formatter, 1)).isEqualTo("1970-01-01T00:00:00.000000001Z");
    assertThat(Formatted.number(formatter, 2)).isEqualTo("1970-01-01T00:00:00.000000002Z");
    assertThat(Formatted.number(formatter, NS_PER_SECOND))
        .isEqualTo("1970-01-01T00:00:01.000000000Z");
    assertThat(Formatted.number(formatter, 3)).isEqualTo("1970-01-01T00:00:00.000000003Z");
  }

  @Test
  void agreesWithTheJdkAtAnyTime() {
    TimestampFormatter formatter = new TimestampFormatter(0);
    Random random = new Random(1_124);
    for (int i = 0; i < 20_000; i++) {
      long ns = random.nextLong();
      Instant instant =
          Instant.ofEpochSecond(Math.floorDiv(ns, NS_PER_SECOND), Math.floorMod(ns, NS_PER_SECOND));
      assertThat(Formatted.number(formatter, ns)).isEqualTo(RFC_3339.format(instant));
    }
  }
}
