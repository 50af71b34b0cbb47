// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A map that is read and emptied at each interval. Every entry becomes one record: its key, then
 * its value.
 */
final class IntervalTask extends FetchTask {
  private final BpfMap map;
  private final Feed.MapEntries entries;
  private final MemorySegment record;

  IntervalTask(
      BpfMap map, Feed.MapEntries entries, FetchSchedule schedule, RecordPipeline pipeline) {
    super(schedule, pipeline);
    this.map = map;
    this.entries = entries;
    this.record =
        Arena.ofAuto().allocate(entries.valueOffsetBytes() + entries.valueSizeBytes(), Long.BYTES);
  }

  @Override
  boolean accumulates() {
    return true;
  }

  @Override
  int read(RecordPipeline records) {
    return map.drain((key, value) -> {
      MemorySegment.copy(key, 0, record, 0, entries.keySizeBytes());
      MemorySegment.copy(value, 0, record, entries.valueOffsetBytes(), entries.valueSizeBytes());
      records.record(record, 0, (int) record.byteSize());
    });
  }
}
