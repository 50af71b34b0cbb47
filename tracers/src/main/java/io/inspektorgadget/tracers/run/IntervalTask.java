// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A map that is read and emptied at each interval. Every entry becomes one record: its key, then
 * its value. Single thread: the run's event loop.
 */
final class IntervalTask {
  private final BpfMap map;
  private final Feed.MapEntries entries;
  private final RecordPipeline pipeline;
  private final long periodNs;
  private final boolean flushOnStop;
  private final MemorySegment record;
  private long nextNs;
  private long lastReadNs;

  /**
   * A task that is first due one period from now.
   *
   * @param periodNs time between two readings; 0: only at the end
   * @param flushOnStop true: read once more when the run ends
   */
  IntervalTask(BpfMap map, Feed.MapEntries entries, RecordPipeline pipeline, Period period) {
    this.map = map;
    this.entries = entries;
    this.pipeline = pipeline;
    this.periodNs = period.ns();
    this.flushOnStop = period.flushOnStop();
    this.record =
        Arena.ofAuto().allocate(entries.valueOffsetBytes() + entries.valueSizeBytes(), Long.BYTES);
    this.lastReadNs = System.nanoTime();
    this.nextNs = lastReadNs + periodNs;
  }

  /** When to read: every {@code ns} (0: never), and at the end if {@code flushOnStop}. */
  record Period(long ns, boolean flushOnStop) {}

  /** Time until the next reading is due, in ns; Long.MAX_VALUE if there is none. */
  long remainingNs(long nowNs) {
    return periodNs == 0 ? Long.MAX_VALUE : Math.max(0, nextNs - nowNs);
  }

  /** Reads the map if it is due. */
  void tick(long nowNs) {
    if (periodNs == 0 || nextNs - nowNs > 0) {
      return;
    }
    // A reading that took longer than the period is not made up for.
    nextNs = Math.max(nextNs + periodNs, nowNs);
    collect();
  }

  /** Reads what is left, if the source wants that. */
  void finish() {
    if (flushOnStop) {
      collect();
    }
  }

  /** What was counted before this moment of System.nanoTime has been read. */
  long lastReadNs() {
    return lastReadNs;
  }

  private void collect() {
    lastReadNs = System.nanoTime();
    map.drain((key, value) -> {
      MemorySegment.copy(key, 0, record, 0, entries.keySizeBytes());
      MemorySegment.copy(value, 0, record, entries.valueOffsetBytes(), entries.valueSizeBytes());
      pipeline.record(record, 0, (int) record.byteSize());
    });
    pipeline.batchEnd();
  }
}
