// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecondLooksTest {
  private static final long NS_PER_MS = 1_000_000;

  private final SecondLooks looks = new SecondLooks();

  /** The milliseconds at which a thread that sleeps as long as it may looks again. */
  private List<Long> until(long startMs, long endMs) {
    List<Long> due = new ArrayList<>();
    for (long now = startMs; now < endMs; now++) {
      if (looks.isDue(now * NS_PER_MS)) {
        due.add(now);
      }
    }
    return due;
  }

  @Test
  void looksAFewTimesEverLater() {
    assertThat(looks.idleMs(0)).isNegative();
    looks.begin(0);
    assertThat(looks.idleMs(5 * NS_PER_MS)).isEqualTo(16);
    assertThat(until(0, 5_000)).containsExactly(20L, 100L, 500L, 2_000L);
    assertThat(looks.idleMs(5_000 * NS_PER_MS)).isNegative();
  }

  @Test
  void isNotPutOffByNewbornsWithoutEnd() {
    looks.begin(0);
    List<Long> due = new ArrayList<>();
    for (long now = 0; now < 2_200; now++) {
      looks.begin(now * NS_PER_MS);
      if (looks.isDue(now * NS_PER_MS)) {
        due.add(now);
      }
    }
    assertThat(due).containsExactly(20L, 100L, 500L, 2_000L, 2_020L, 2_100L);
    assertThat(until(2_200, 6_100)).containsExactly(2_500L, 4_000L, 4_020L, 4_100L, 4_500L, 6_000L);
  }
}
