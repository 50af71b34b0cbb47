// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HeldCommandTest {
  @Test
  void findsTheWordsOfBothCalls() {
    assertThat(HeldCommand.wordsAddress("59 0x1 0x7ffd10 0x3 0x0 0x0 0x0 0x7ff 0x400\n"))
        .isEqualTo(0x7ffd10);
    assertThat(HeldCommand.wordsAddress("322 0x6 0x1 0x7ffd20 0x3 0x1000 0x0 0x7ff 0x400\n"))
        .isEqualTo(0x7ffd20);
  }

  @Test
  void findsNoneInOtherCallsAndOtherTexts() {
    assertThat(HeldCommand.wordsAddress("257 0x1 0x2 0x3 0x0 0x0 0x0 0x7ff 0x400\n")).isZero();
    assertThat(HeldCommand.wordsAddress("running\n")).isZero();
    assertThat(HeldCommand.wordsAddress("-1 0x7ff 0x400\n")).isZero();
    assertThat(HeldCommand.wordsAddress("")).isZero();
  }

  @Test
  void knowsNothingOfThreadsThatAreNotThere() {
    assertThat(HeldCommand.words(Path.of("/proc"), Integer.MAX_VALUE)).isEmpty();
  }
}
