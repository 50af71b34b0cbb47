// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.tracers.event.FieldFormatter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and texts of plain numbers. */
class NumberFormattersTest {
  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "1, EPERM",
    "2, ENOENT",
    "11, EAGAIN",
    "13, EACCES",
    "40, ELOOP",
    "95, EOPNOTSUPP",
    "110, ETIMEDOUT",
    "133, EHWPOISON",
    "134, error#134",
    "512, error#512",
    "4095, error#4095",
    "4096, error#4096",
    "4294967294, error#4294967294",
    "-2, error#-2"
  })
  void errors(long errno, String expected) {
    FieldFormatter formatter = new NamedNumberFormatter(0, NumberNames.errors(), "error#", true);
    assertThat(Formatted.number(formatter, errno)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"41, error#41", "58, error#58"})
  void numbersThatLinuxLeftOutHaveNoName(long errno, String expected) {
    FieldFormatter formatter = new NamedNumberFormatter(0, NumberNames.errors(), "error#", true);
    assertThat(Formatted.number(formatter, errno)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, signal#0",
    "1, SIGHUP",
    "9, SIGKILL",
    "15, SIGTERM",
    "16, SIGSTKFLT",
    "17, SIGCHLD",
    "29, SIGIO",
    "31, SIGSYS",
    "32, signal#32",
    "33, signal#33",
    "34, SIGRTMIN",
    "35, SIGRTMIN+1",
    "64, SIGRTMIN+30",
    "65, signal#65"
  })
  void signals(long signal, String expected) {
    FieldFormatter formatter = new NamedNumberFormatter(0, SignalNames.byNumber(), "signal#", true);
    assertThat(Formatted.number(formatter, signal)).isEqualTo(expected);
  }

  @Test
  void systemCallsAreThoseOfThisMachine() {
    FieldFormatter formatter =
        new NamedNumberFormatter(0, NumberNames.systemCalls(), "syscall#", true);
    Map<String, Long> numbers = new HashMap<>();
    NumberNames.systemCalls().forEach((number, name) -> numbers.put(name, number));
    boolean amd64 = System.getProperty("os.arch").equals("amd64");
    assertThat(numbers).containsEntry("SYS_OPENAT", amd64 ? 257L : 56L);
    assertThat(numbers).containsEntry("SYS_EXECVE", amd64 ? 59L : 221L);
    assertThat(Formatted.number(formatter, amd64 ? 257 : 56)).isEqualTo("SYS_OPENAT");
    assertThat(Formatted.number(formatter, 100_000)).isEqualTo("syscall#100000");
    assertThat(Formatted.number(formatter, -1)).isEqualTo("syscall#-1");
  }

  @Test
  void enumerationsHaveSmallLargeAndNegativeNumbers() {
    Map<Long, String> names =
        NumberNames.parse("0=ZERO|7=SEVEN|4096=LARGE|-1=MINUS|4294967295=MAX|8=A=B");
    FieldFormatter formatter = new NamedNumberFormatter(0, names, "UNKNOWN", false);
    assertThat(Formatted.number(formatter, 0)).isEqualTo("ZERO");
    assertThat(Formatted.number(formatter, 7)).isEqualTo("SEVEN");
    assertThat(Formatted.number(formatter, 8)).isEqualTo("A=B");
    assertThat(Formatted.number(formatter, 4_096)).isEqualTo("LARGE");
    assertThat(Formatted.number(formatter, -1)).isEqualTo("MINUS");
    assertThat(Formatted.number(formatter, 0xffff_ffffL)).isEqualTo("MAX");
    assertThat(Formatted.number(formatter, 3)).isEqualTo("UNKNOWN");
    assertThat(Formatted.number(formatter, Long.MAX_VALUE)).isEqualTo("UNKNOWN");
  }

  @Test
  void anEnumerationOfNothingKnowsNothing() {
    FieldFormatter formatter = new NamedNumberFormatter(0, NumberNames.parse(""), "UNKNOWN", false);
    assertThat(Formatted.number(formatter, 0)).isEqualTo("UNKNOWN");
  }

  @ParameterizedTest
  @CsvSource({"ONE", "=ONE", "1=ONE|", "x=ONE"})
  void textsThatAreNoEnumerationAreRefused(String text) {
    assertThatThrownBy(() -> NumberNames.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "1, A",
    "2, B",
    "3, AB",
    "4, C",
    "7, AB+C",
    "5, A+C",
    "8, 0x8",
    "9, A+0x8",
    "-8, 0xfffffffffffffff8"
  })
  void sets(long value, String expected) {
    // The mask of two bits stands before its parts, the empty one never shows.
    FieldFormatter formatter =
        new BitSetFormatter(0, NumberNames.parse("0=NONE|3=AB|1=A|2=B|4=C"), "+");
    assertThat(Formatted.number(formatter, value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "1499, 1.5 kB",
    "9949, 9.9 kB",
    "9950, 10 kB",
    "10000, 10 kB",
    "82854982, 83 MB",
    "999499, 999 kB",
    "999500, 1.0 MB",
    "15000000000, 15 GB",
    "1000000000000, 1.0 TB",
    "1000000000000000, 1.0 PB",
    "9223372036854775807, 9.2 EB",
    "-1, 18 EB"
  })
  void sizes(long bytes, String expected) {
    assertThat(Formatted.number(QuantityFormatters.bytes(0), bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1, 1ns",
    "999, 999ns",
    "1000, 1µs",
    "1500, 1.5µs",
    "999999, 999.999µs",
    "1000000, 1ms",
    "1230000, 1.23ms",
    "1000001, 1.000001ms",
    "1000000000, 1s",
    "1000000001, 1.000000001s",
    "59999999999, 59.999999999s",
    "60000000000, 1m0s",
    "62500000000, 1m2.5s",
    "3600000000000, 1h0m0s",
    "3661001000000, 1h1m1.001s",
    "90000000000000, 25h0m0s",
    "-1, 18446744073709551615ns"
  })
  void durations(long ns, String expected) {
    assertThat(Formatted.number(QuantityFormatters.duration(0), ns)).isEqualTo(expected);
  }
}
