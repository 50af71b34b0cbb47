// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.gadget.GadgetException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MillisecondsTest {
  @ParameterizedTest
  @CsvSource({"1000ms, 1000", "2s, 2000", "250, 250", "0, 0", "0s, 0"})
  void readsDurations(String text, long expectedMs) {
    assertThat(Milliseconds.parse(text)).isEqualTo(expectedMs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "ms", "1.5s", "1m", "soon", "1 s", "-1", "-5ms", "9223372036854775807s"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Milliseconds.parse(text))
        .isInstanceOf(GadgetException.class)
        .hasMessage(
            "reading the interval \"" + text + "\": write a number of ms or s, such as 1000ms");
  }
}
