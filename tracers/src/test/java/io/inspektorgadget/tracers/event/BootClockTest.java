// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BootClockTest {
  private final AtomicLong bootNs = new AtomicLong(100);
  private final AtomicLong wallNs = new AtomicLong(5_000);
  private final BootClock clock = new BootClock(bootNs::get, wallNs::get);

  @Test
  void addsTheDistanceOfTheClocks() {
    assertThat(clock.wallNs(100)).isEqualTo(5_000);
    assertThat(clock.wallNs(40)).isEqualTo(4_940);
  }

  @Test
  void aSetClockShowsAfterARefreshAndNotBefore() {
    wallNs.set(9_000);
    assertThat(clock.wallNs(100)).isEqualTo(5_000);
    clock.refresh();
    assertThat(clock.wallNs(100)).isEqualTo(9_000);
  }

  @Test
  void timeThatPassesChangesNothing() {
    bootNs.addAndGet(77);
    wallNs.addAndGet(77);
    clock.refresh();
    assertThat(clock.wallNs(100)).isEqualTo(5_000);
  }

  @Test
  void anEventWithoutTimeIsOfNow() {
    wallNs.set(6_000);
    assertThat(clock.wallNs(0)).isEqualTo(6_000);
  }

  @Test
  void aWallClockBehindBootTimeGivesTimesBefore1970() {
    wallNs.set(-900);
    clock.refresh();
    assertThat(clock.wallNs(50)).isEqualTo(-950);
  }
}
