// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The kernel's clocks, in ns. Thread-safe. */
public final class Clock {
  private static final int CLOCK_REALTIME = 0;
  private static final int CLOCK_BOOTTIME = 7;
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final NativeFunction CLOCK_GETTIME = NativeFunction.ofLibc("clock_gettime");

  /** One buffer a thread: a clock is read once per batch and must not allocate then. */
  private static final ThreadLocal<MemorySegment> TIMESPEC =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(JAVA_LONG, 2));

  private Clock() {}

  /** Time since boot with suspend, as {@code bpf_ktime_get_boot_ns} gives it to kernel programs. */
  public static long bootNs() {
    return read(CLOCK_BOOTTIME);
  }

  /** Time since 1970 in UTC. */
  public static long wallNs() {
    return read(CLOCK_REALTIME);
  }

  private static long read(int clock) {
    MemorySegment timespec = TIMESPEC.get();
    // Cannot fail: both clocks exist since Linux 2.6.39 and the buffer is ours.
    CLOCK_GETTIME.call(clock, timespec.address());
    return timespec.getAtIndex(JAVA_LONG, 0) * NS_PER_SECOND + timespec.getAtIndex(JAVA_LONG, 1);
  }
}
