// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport;

/**
 * One of the kernel's loss counters: a per-CPU array of one u64 that only grows. Reports
 * differences, so nothing is lost between two readings. Single thread: the run's event loop.
 */
final class KernelLossMeter implements LossMeter {
  private final BpfMap counter;
  private final LossReport.Stage stage;
  private final String subject;
  private long reported;

  KernelLossMeter(BpfMap counter, LossReport.Stage stage, String subject) {
    this.counter = counter;
    this.stage = stage;
    this.subject = subject;
  }

  @Override
  public void report(EventSink sink) {
    long total = counter.sumPerCpu(0);
    if (total != reported) {
      long count = total - reported;
      reported = total;
      sink.loss(new LossReport(stage, subject, count, total));
    }
  }
}
