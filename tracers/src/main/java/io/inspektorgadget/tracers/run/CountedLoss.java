// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport;
import java.util.concurrent.atomic.AtomicLong;

/** A loss that other threads notice. They count it, and the run's event loop reports it soon. */
final class CountedLoss implements LossMeter {
  private final LossReport.Stage stage;
  private final String subject;
  private final Runnable wake;
  private final AtomicLong total = new AtomicLong();
  private long reported;

  /**
   * Nothing lost yet.
   *
   * @param wake makes the event loop look at its losses
   */
  CountedLoss(LossReport.Stage stage, String subject, Runnable wake) {
    this.stage = stage;
    this.subject = subject;
    this.wake = wake;
  }

  void add(long count) {
    total.addAndGet(count);
    wake.run();
  }

  @Override
  public void report(EventSink sink) {
    long now = total.get();
    if (now != reported) {
      long count = now - reported;
      reported = now;
      sink.loss(new LossReport(stage, subject, count, now));
    }
  }
}
