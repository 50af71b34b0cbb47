// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
  @ParameterizedTest
  @CsvSource({
    "true, '', 77",
    "true, 120, 120",
    "false, '', 0",
    "false, 120, 120",
    "true, wide, 77",
    "true, -5, 77",
    "true, 99999999999, 77",
    "true, 0, 77",
  })
  void widthIsThatOfTheEnvironmentElseOfTheTerminal(
      boolean isTerminal, String columns, int expected) {
    assertThat(new Terminal(isTerminal, Map.of("COLUMNS", columns), () -> 77).columns())
        .isEqualTo(expected);
  }

  @Test
  void coloursOnlyATerminalThatMayBeColoured() {
    assertThat(coloured(true, Map.of("TERM", "xterm"))).isTrue();
    assertThat(coloured(true, Map.of("NO_COLOR", ""))).isTrue();
    assertThat(coloured(true, Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(coloured(true, Map.of("TERM", "dumb"))).isFalse();
    assertThat(coloured(false, Map.of("TERM", "xterm"))).isFalse();
    assertThat(new Terminal(true, Map.of("NO_COLOR", "1"), () -> 0).red("x")).isEqualTo("x");
    assertThat(new Terminal(true, Map.of(), () -> 0).red("x")).isEqualTo("\u001b[31mx\u001b[0m");
  }

  private static boolean coloured(boolean isTerminal, Map<String, String> environment) {
    return new Terminal(isTerminal, environment, () -> 0).isColoured();
  }

  @Test
  void bytesArriveInOrderWhateverTheirSize() throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    StandardOutput output = new StandardOutput(target, false);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int size : new int[] {1, 65_535, 2, 65_536, 3, 200_000, 4}) {
      byte[] bytes = new byte[size + 2];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (size * 31 + i);
      }
      output.write(bytes, 1, size);
      expected.write(bytes, 1, size);
    }
    assertThat(target.size()).isLessThan(expected.size());
    output.flush();
    assertThat(target.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void nothingGoesOutBeforeItIsFlushed() throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    StandardOutput output = new StandardOutput(target, false);
    output.write(new byte[] {1, 2, 3}, 0, 3);
    assertThat(target.size()).isZero();
    output.flush();
    assertThat(target.toByteArray()).containsExactly(1, 2, 3);
  }
}
