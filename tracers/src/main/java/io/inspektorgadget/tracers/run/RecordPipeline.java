// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.event.RecordView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The way of one data source's records from memory to the sink: view, container, keep or drop.
 * Records of a container that is being born are held for at most {@value #HOLD_MAX_MS} ms, in their
 * order; all that asks for a container, while Container-Collection starts. Single thread: the run's
 * event loop.
 */
final class RecordPipeline implements RingBufferReader.RecordHandler {
  static final long HOLD_MAX_MS = 50;
  private static final int HELD_MAX = 16_384;
  private static final long NS_PER_MS = 1_000_000;

  private final DataSource source;
  private final RecordView view;
  private final Membership membership;
  private final EventSink sink;
  private final Deque<Held> held = new ArrayDeque<>();
  private long givenUp;
  private long givenUpReported;

  private record Held(RecordView view, long deadlineNs) {}

  RecordPipeline(RecordView view, Membership membership, EventSink sink) {
    this.source = view.source();
    this.view = view;
    this.membership = membership;
    this.sink = sink;
  }

  DataSource source() {
    return source;
  }

  @Override
  public void record(MemorySegment memory, long offset, int lengthBytes) {
    view.wrap(memory, offset, lengthBytes, null);
    switch (membership.judge(view)) {
      case KEEP -> sink.event(view);
      case DROP -> {}
      case WAIT -> hold();
    }
  }

  private void hold() {
    if (held.size() >= HELD_MAX && !membership.isAble()) {
      // What comes meanwhile stays in the ring, which holds more than we do.
      membership.awaitAble();
      retry();
    }
    if (held.size() >= HELD_MAX) {
      giveUp(view);
      return;
    }
    RecordView copy = (RecordView) view.detached();
    held.add(new Held(copy, System.nanoTime() + HOLD_MAX_MS * NS_PER_MS));
  }

  /** What nobody could name in time: lost, or of the host like all else; 1 if it was kept. */
  private int giveUp(RecordView record) {
    if (!membership.keepsTheUnnamed()) {
      givenUp++;
      return 0;
    }
    sink.event(record);
    return 1;
  }

  boolean isHolding() {
    return !held.isEmpty();
  }

  /** Decides again about held records; returns how many were handed to the sink. */
  int retry() {
    int kept = 0;
    long nowNs = System.nanoTime();
    boolean able = membership.isAble();
    for (int i = held.size(); i > 0; i--) {
      Held entry = held.remove();
      switch (membership.judge(entry.view())) {
        case KEEP -> {
          sink.event(entry.view());
          kept++;
        }
        case DROP -> {}
        case WAIT -> {
          if (!able) {
            held.add(new Held(entry.view(), nowNs + HOLD_MAX_MS * NS_PER_MS));
          } else if (nowNs - entry.deadlineNs() < 0) {
            held.add(entry);
          } else {
            kept += giveUp(entry.view());
          }
        }
      }
    }
    return kept;
  }

  /** Reports records whose container stayed unknown. */
  void reportLoss() {
    if (givenUp != givenUpReported) {
      long count = givenUp - givenUpReported;
      givenUpReported = givenUp;
      sink.loss(new LossReport(LossReport.Stage.AGENT, source.name(), count, givenUp));
    }
  }

  void batchEnd() {
    sink.batchEnd(source);
  }
}
