// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBufferTest {
  private static void check(long value) {
    assertThat(new TextBuffer(1).appendDecimal(value)).hasToString(Long.toString(value));
    assertThat(new TextBuffer(1).appendUnsigned(value)).hasToString(Long.toUnsignedString(value));
    assertThat(new TextBuffer(1).appendHex(value)).hasToString(Long.toHexString(value));
  }

  private static void checkPadded(long value, int digits) {
    assertThat(new TextBuffer(1).append('x').appendPadded(value, digits).append('y'))
        .hasToString("x" + String.format("%0" + digits + "d", value) + "y");
  }

  @Test
  void numbersAroundEveryPowerOfTen() {
    check(0);
    check(Long.MAX_VALUE);
    check(Long.MIN_VALUE);
    for (long power = 1; power > 0 && power <= 1_000_000_000_000_000_000L; power *= 10) {
      for (long near = -2; near <= 2; near++) {
        check(power + near);
        check(-power - near);
        check(5 * power + near);
      }
    }
  }

  @Test
  void numbersOfEverySize() {
    Random random = new Random(20_261_124);
    for (int i = 0; i < 200_000; i++) {
      long value = random.nextLong() >> random.nextInt(Long.SIZE);
      check(value);
      long positive = value & Long.MAX_VALUE;
      if (i % 10 == 0) {
        checkPadded(positive, 1 + random.nextInt(22));
      }
    }
  }

  @Test
  void everyNumberOfUpToFiveDigits() {
    for (int value = 0; value < 100_000; value++) {
      assertThat(new TextBuffer(1).appendDecimal(value)).hasToString(Integer.toString(value));
    }
    checkPadded(7, 9);
    checkPadded(99_999_999, 9);
    checkPadded(100_000_000, 9);
    checkPadded(515_035_055, 9);
  }
}
