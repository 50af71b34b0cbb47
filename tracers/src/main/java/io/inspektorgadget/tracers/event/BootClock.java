// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import java.util.function.LongSupplier;

/**
 * Turns times since boot, as kernel programs take them with {@code bpf_ktime_get_boot_ns}, into
 * wall-clock time. The distance of the two clocks is measured anew at {@link #refresh}, so a set
 * clock shows within a batch. Single thread: the run's event loop.
 */
public final class BootClock {
  private final LongSupplier bootNs;
  private final LongSupplier wallNs;
  private long offsetNs;

  /**
   * A clock over two sources.
   *
   * @param bootNs CLOCK_BOOTTIME, in ns
   * @param wallNs CLOCK_REALTIME, in ns since 1970
   */
  public BootClock(LongSupplier bootNs, LongSupplier wallNs) {
    this.bootNs = bootNs;
    this.wallNs = wallNs;
    refresh();
  }

  /** Measures the distance of the clocks; to be called once per batch. */
  public void refresh() {
    offsetNs = wallNs.getAsLong() - bootNs.getAsLong();
  }

  /** Wall-clock time in ns since 1970 of a time since boot; 0 means the event carries none: now. */
  public long wallNs(long sinceBootNs) {
    return sinceBootNs == 0 ? wallNs.getAsLong() : sinceBootNs + offsetNs;
  }
}
