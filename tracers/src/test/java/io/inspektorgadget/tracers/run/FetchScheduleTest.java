// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FetchScheduleTest {
  private static long readings(FetchSchedule schedule, long fromNs, int ticks) {
    long count = 0;
    for (int tick = 0; tick < ticks; tick++) {
      count += schedule.takeTurn(fromNs + tick) ? 1 : 0;
    }
    return count;
  }

  @Test
  void aMapIsFirstDueAfterOnePeriodAlsoAcrossTheClocksOverflow() {
    long startNs = Long.parseLong("9223372036854775802");
    FetchSchedule schedule = FetchSchedule.ofMap(10, 0, false, startNs);
    assertThat(schedule.remainingNs(startNs)).isEqualTo(10);
    assertThat(schedule.takeTurn(startNs + 9)).isFalse();
    assertThat(schedule.takeTurn(startNs + 10)).isTrue();
    assertThat(schedule.remainingNs(startNs + 12)).isEqualTo(8);
    assertThat(readings(schedule, startNs + 11, 100)).isEqualTo(10);
    assertThat(schedule.isOver()).isFalse();
    assertThat(schedule.isDueAtEnd()).isFalse();
  }

  @Test
  void aLateReadingIsNotMadeUpFor() {
    FetchSchedule schedule = FetchSchedule.ofMap(10, 0, false, 0);
    assertThat(schedule.takeTurn(35)).isTrue();
    assertThat(schedule.takeTurn(35)).isFalse();
    assertThat(schedule.remainingNs(36)).isEqualTo(9);
    assertThat(schedule.takeTurn(47)).isTrue();
    assertThat(schedule.remainingNs(47)).as("a little late: the rhythm is kept").isEqualTo(8);
  }

  @Test
  void aMapWithoutAPeriodIsReadAtTheEndOnly() {
    FetchSchedule schedule = FetchSchedule.ofMap(0, 3, false, 0);
    assertThat(schedule.remainingNs(5)).isEqualTo(Long.MAX_VALUE);
    assertThat(readings(schedule, 0, 100)).isZero();
    assertThat(schedule.isOver()).isFalse();
    assertThat(schedule.isDueAtEnd()).isTrue();
  }

  @Test
  void aCountEndsTheReadingsAndTheOneAtTheEnd() {
    FetchSchedule schedule = FetchSchedule.ofMap(10, 2, true, 0);
    assertThat(schedule.isDueAtEnd()).isTrue();
    assertThat(readings(schedule, 0, 100)).isEqualTo(2);
    assertThat(schedule.remainingNs(100)).isEqualTo(Long.MAX_VALUE);
    assertThat(schedule.isOver()).isTrue();
    assertThat(schedule.isDueAtEnd()).isFalse();
  }

  @Test
  void iteratorsAreReadOnceAtOnce() {
    FetchSchedule schedule = FetchSchedule.ofIterators(0, 0, false, 7);
    assertThat(schedule.remainingNs(7)).isZero();
    assertThat(schedule.isOver()).isFalse();
    assertThat(readings(schedule, 7, 100)).isEqualTo(1);
    assertThat(schedule.isOver()).isTrue();
  }

  @Test
  void iteratorsThatAreWatchedAreReadAgain() {
    assertThat(readings(FetchSchedule.ofIterators(10, 0, false, 0), 0, 100)).isEqualTo(10);
    FetchSchedule counted = FetchSchedule.ofIterators(10, 4, false, 0);
    assertThat(readings(counted, 0, 100)).isEqualTo(4);
    assertThat(counted.isOver()).isTrue();
  }

  @Test
  void iteratorsThatShowTheEndAreReadAtTheEnd() {
    FetchSchedule schedule = FetchSchedule.ofIterators(0, 0, true, 0);
    assertThat(readings(schedule, 0, 100)).isZero();
    assertThat(schedule.isOver()).isFalse();
    assertThat(schedule.isDueAtEnd()).isTrue();
  }
}
