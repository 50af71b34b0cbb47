// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

/**
 * When a source that has to be asked is asked: every so often, so many times, at the end of the
 * run. Times are those of System.nanoTime. Single thread: the run's event loop.
 */
final class FetchSchedule {
  private final long periodNs;
  private final boolean byClock;
  private final boolean atEnd;
  private long roundsLeft;
  private long nextNs;

  private FetchSchedule(long periodNs, long rounds, boolean atEnd, long firstNs) {
    this.periodNs = periodNs;
    this.byClock = rounds > 0;
    this.atEnd = atEnd;
    this.roundsLeft = rounds;
    this.nextNs = firstNs;
  }

  /**
   * For what collects by itself between two readings: first after one period.
   *
   * @param periodNs time between two readings; 0: only at the end
   * @param count so many readings; 0: as long as the run lasts
   * @param atEnd true: once more when the run ends
   */
  static FetchSchedule ofMap(long periodNs, long count, boolean atEnd, long nowNs) {
    long rounds = periodNs == 0 ? 0 : rounds(count);
    return new FetchSchedule(periodNs, rounds, atEnd || periodNs == 0, nowNs + periodNs);
  }

  /**
   * For what shows the moment at which it is asked: first at once.
   *
   * @param periodNs time between two readings; 0: once
   * @param count so many readings; 0: as long as the run lasts
   * @param atEnd true: when the run ends, and without a period then only
   */
  static FetchSchedule ofIterators(long periodNs, long count, boolean atEnd, long nowNs) {
    long rounds = periodNs == 0 ? (atEnd ? 0 : 1) : rounds(count);
    return new FetchSchedule(periodNs, rounds, atEnd, nowNs);
  }

  private static long rounds(long count) {
    return count == 0 ? Long.MAX_VALUE : count;
  }

  /** Time until the next reading is due, in ns; Long.MAX_VALUE if the clock brings none. */
  long remainingNs(long nowNs) {
    return roundsLeft == 0 ? Long.MAX_VALUE : Math.max(0, nextNs - nowNs);
  }

  /** True if a reading is due, which is expected to happen then. */
  boolean takeTurn(long nowNs) {
    if (roundsLeft == 0 || nextNs - nowNs > 0) {
      return false;
    }
    roundsLeft--;
    nextNs += periodNs;
    if (nextNs - nowNs <= 0) {
      // A reading that took longer than the period is not made up for.
      nextNs = nowNs + periodNs;
    }
    return true;
  }

  /** True if all readings have been taken that the clock brings: the run need not last for it. */
  boolean isOver() {
    return byClock && roundsLeft == 0;
  }

  /** True if a reading is due because the run ends. */
  boolean isDueAtEnd() {
    return atEnd && !isOver();
  }
}
