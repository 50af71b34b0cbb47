// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a test waits for something before it counts as not happening. Machines that are slow by
 * nature, such as emulated ones, say so by the system property {@code ig.test.slowness}: every
 * limit is multiplied by it.
 *
 * @param ms milliseconds, multiplied already
 */
public record TimeLimit(long ms) {
  private static final String SLOWNESS = "ig.test.slowness";
  private static final long PAUSE_NS = 200_000;

  /** What every usual machine needs by far not. */
  public static TimeLimit usual() {
    return ofMs(20_000);
  }

  /** A limit of so many milliseconds on a usual machine. */
  public static TimeLimit ofMs(long ms) {
    return new TimeLimit(ms * Integer.getInteger(SLOWNESS, 1));
  }

  /** When it has passed, on {@link System#nanoTime}. */
  public long deadlineNs() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
  }

  /**
   * Waits until a condition holds.
   *
   * @param what the condition in words
   * @throws IllegalStateException if it does not within the limit
   */
  public void await(String what, BooleanSupplier condition) {
    awaitValue(what, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
  }

  /**
   * Waits until there is a value.
   *
   * @param what the value in words
   * @param value null while there is none
   * @throws IllegalStateException if there is none within the limit
   */
  public <T> T awaitValue(String what, Supplier<@Nullable T> value) {
    long deadlineNs = deadlineNs();
    while (true) {
      T found = value.get();
      if (found != null) {
        return found;
      }
      if (System.nanoTime() > deadlineNs) {
        throw new IllegalStateException("waiting for " + what + ": not within " + ms + " ms");
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
