// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfIterator;
import io.inspektorgadget.kernel.bpf.BpfLink;
import io.inspektorgadget.kernel.bpf.BpfObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Iterator programs that together make one snapshot. Each writes records of one fixed size. */
final class SnapshotTask extends FetchTask {
  private static final int READ_SIZE_BYTES = 64 * 1_024;

  private final BpfObject object;
  private final List<BpfLink> links;
  private final int recordSizeBytes;

  SnapshotTask(
      BpfObject object,
      List<BpfLink> links,
      int recordSizeBytes,
      FetchSchedule schedule,
      RecordPipeline pipeline) {
    super(schedule, pipeline);
    this.object = object;
    this.links = links;
    this.recordSizeBytes = recordSizeBytes;
  }

  @Override
  boolean accumulates() {
    return false;
  }

  @Override
  int read(RecordPipeline records) {
    int count = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(READ_SIZE_BYTES + recordSizeBytes, Long.BYTES);
      for (BpfLink link : links) {
        count += walk(link, buffer, records);
      }
    }
    return count;
  }

  private int walk(BpfLink link, MemorySegment buffer, RecordPipeline records) {
    int count = 0;
    try (BpfIterator iterator = object.iterate(link)) {
      int pending = 0;
      for (int read = iterator.read(buffer);
          read > 0;
          read = iterator.read(buffer.asSlice(pending))) {
        int available = pending + read;
        int offset = 0;
        for (; available - offset >= recordSizeBytes; offset += recordSizeBytes) {
          records.record(buffer, offset, recordSizeBytes);
          count++;
        }
        // seq_file hands out whatever fits, so a record may be cut: keep its beginning.
        pending = available - offset;
        MemorySegment.copy(buffer, offset, buffer, 0, pending);
      }
    }
    return count;
  }
}
