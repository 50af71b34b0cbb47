// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Conditions that come true sooner or later. */
final class Conditions {
  private static final long LIMIT_NS = 20_000_000_000L;
  private static final long PAUSE_NS = 5_000_000;

  private Conditions() {}

  /** Looks again and again; an error names what was waited for. */
  static void await(String what, Callable<Boolean> condition) {
    long limitNs = System.nanoTime() + LIMIT_NS;
    try {
      while (!condition.call()) {
        if (System.nanoTime() > limitNs) {
          throw new AssertionError(what + ": not within twenty seconds");
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
