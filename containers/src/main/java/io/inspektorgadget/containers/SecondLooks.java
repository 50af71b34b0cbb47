// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

/**
 * When to look again whether a runtime has written down by now who a container is: crun and youki
 * do so only after its first instruction. A few times, ever later. Single thread.
 */
final class SecondLooks {
  private static final long NS_PER_MS = 1_000_000;
  private static final long[] AFTER_MS = {20, 100, 500, 2_000};

  private long begunNs;
  private int done = AFTER_MS.length;
  private boolean hasLaterOnes;

  /** Something was not explained at this moment of System.nanoTime. */
  void begin(long nowNs) {
    if (done < AFTER_MS.length) {
      // Newborns without end must not put the looks off without end.
      hasLaterOnes = true;
      return;
    }
    begunNs = nowNs;
    done = 0;
  }

  /** True if it is time for a look, which then counts as done. */
  boolean isDue(long nowNs) {
    if (done == AFTER_MS.length || nowNs - begunNs < AFTER_MS[done] * NS_PER_MS) {
      return false;
    }
    done++;
    if (done == AFTER_MS.length && hasLaterOnes) {
      hasLaterOnes = false;
      begin(nowNs);
    }
    return true;
  }

  /** How long there is nothing to look at; negative: for ever. */
  long idleMs(long nowNs) {
    return done == AFTER_MS.length
        ? -1
        : Math.max(0, AFTER_MS[done] - (nowNs - begunNs) / NS_PER_MS) + 1;
  }
}
