// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.run.Membership.Verdict;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The way of one data source's records from memory to the sink: view, container, keep or drop.
 *
 * <p>Records of a container that is being born are held, in their order, until Container-Collection
 * has worked through all births of before; at most {@value #HOLD_MAX_MS} ms, and at most {@value
 * #HELD_MAX_BYTES} bytes of them. What falls out of that is lost and counted. While
 * Container-Collection starts, all that asks for a container is held. Single thread: the run's
 * event loop.
 */
final class RecordPipeline implements RingBufferReader.RecordHandler {
  /**
   * Only a collection that does not come on, say for a disk that does not answer, takes so long.
   */
  static final long HOLD_MAX_MS = 10_000;

  static final long HELD_MAX_BYTES = 6 << 20;

  /** What a held record takes beside its bytes. */
  static final int HELD_OVERHEAD_BYTES = 512;

  private static final long NS_PER_MS = 1_000_000;

  private final DataSource source;
  private final RecordView view;
  private final Membership membership;
  private final EventSink sink;
  private final LongSupplier clock;
  private final Deque<Held> held = new ArrayDeque<>();
  private long heldBytes;
  private long judgedChanges = -1;
  private long givenUp;
  private long givenUpReported;

  /** A record and the moment of System.nanoTime at which it was there to be read. */
  private record Held(RecordView view, long sinceNs) {
    long sizeBytes() {
      return HELD_OVERHEAD_BYTES + (long) view.lengthBytes();
    }
  }

  RecordPipeline(RecordView view, Membership membership, EventSink sink) {
    this(view, membership, sink, System::nanoTime);
  }

  /** With a clock of one's own, which should be that of System.nanoTime or ahead of it. */
  RecordPipeline(RecordView view, Membership membership, EventSink sink, LongSupplier clock) {
    this.source = view.source();
    this.view = view;
    this.membership = membership;
    this.sink = sink;
    this.clock = clock;
  }

  DataSource source() {
    return source;
  }

  @Override
  public void record(MemorySegment memory, long offset, int lengthBytes) {
    view.wrap(memory, offset, lengthBytes, null);
    Verdict verdict = membership.judge(view);
    while (verdict == Verdict.KEEP
        && !held.isEmpty()
        && membership.changes() != judgedChanges
        && retry() > 0) {
      // An earlier record of the same container may have been held until a moment ago.
      verdict = membership.judge(view);
    }
    switch (verdict) {
      case KEEP -> sink.event(view);
      case DROP -> {}
      case WAIT -> hold();
    }
  }

  private void hold() {
    Held copy = new Held((RecordView) view.detached(), clock.getAsLong());
    if (heldBytes + copy.sizeBytes() > HELD_MAX_BYTES) {
      if (!membership.isAble()) {
        // What comes meanwhile stays in the ring, which holds more than we do.
        membership.awaitAble();
      }
      retry();
    }
    if (heldBytes + copy.sizeBytes() > HELD_MAX_BYTES) {
      giveUp(copy.view());
      return;
    }
    add(copy);
  }

  private void add(Held record) {
    held.add(record);
    heldBytes += record.sizeBytes();
  }

  /** What nobody could name in time: lost, or of the host like all else; 1 if it was kept. */
  private int giveUp(RecordView record) {
    switch (membership.rest(record)) {
      case KEEP -> {
        sink.event(record);
        return 1;
      }
      case DROP -> {}
      case LOST -> givenUp++;
    }
    return 0;
  }

  boolean isHolding() {
    return !held.isEmpty();
  }

  /** Decides again about held records; returns how many were handed to the sink. */
  int retry() {
    // Both before any verdict: what changes meanwhile is for the next time.
    judgedChanges = membership.changes();
    long namedUntilNs = membership.namedUntilNs();
    boolean able = membership.isAble();
    long nowNs = clock.getAsLong();
    int kept = 0;
    for (int i = held.size(); i > 0; i--) {
      Held entry = held.remove();
      heldBytes -= entry.sizeBytes();
      switch (membership.judge(entry.view())) {
        case KEEP -> {
          sink.event(entry.view());
          kept++;
        }
        case DROP -> {}
        case WAIT -> {
          if (!able) {
            add(new Held(entry.view(), nowNs));
          } else if (entry.sinceNs() < namedUntilNs
              || nowNs - entry.sinceNs() >= HOLD_MAX_MS * NS_PER_MS) {
            kept += giveUp(entry.view());
          } else {
            add(entry);
          }
        }
      }
    }
    if (!held.isEmpty()) {
      membership.askOn();
    }
    return kept;
  }

  /** The run ends: what is still held stays unnamed. */
  void giveUpAll() {
    retry();
    while (!held.isEmpty()) {
      giveUp(held.remove().view());
    }
    heldBytes = 0;
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
