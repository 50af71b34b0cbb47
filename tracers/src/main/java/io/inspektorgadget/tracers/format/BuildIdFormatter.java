// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The frames of a process's stack as build id of the file and offset in it, which stay true after
 * the process has ended. Empty unless the gadget collected them. Mirrors struct bpf_stack_build_id
 * of include/uapi/linux/bpf.h:
 *
 * <pre>
 *  0        4                        24                32
 *  | status | build id, 20 bytes     | offset or address |
 * </pre>
 */
final class BuildIdFormatter implements FieldFormatter {
  private static final int ENTRY_SIZE_BYTES = 32;
  private static final int ID_OFFSET_BYTES = 4;
  private static final int ID_SIZE_BYTES = 20;
  private static final int PLACE_OFFSET_BYTES = 24;
  private static final int STATUS_EMPTY = 0;
  private static final int STATUS_VALID = 1;

  private final int stackId;
  private final int processId;
  private final BpfMap map;
  private final MemorySegment key;
  private final MemorySegment entries;

  /**
   * A formatter of the stack whose number is in field {@code stackId}, from the gadget's map.
   *
   * @param processId index of the field with the process's id, 0 if no stack was taken
   */
  BuildIdFormatter(int stackId, int processId, BpfMap map) {
    this.stackId = stackId;
    this.processId = processId;
    this.map = map;
    Arena arena = Arena.ofAuto();
    this.key = arena.allocate(ValueLayout.JAVA_INT);
    this.entries = arena.allocate(map.valueSizeBytes(), Long.BYTES);
  }

  @Override
  public boolean isPresent(RecordView view) {
    return view.longAt(processId) != 0;
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    if (!isPresent(view)) {
      return;
    }
    key.set(ValueLayout.JAVA_INT, 0, (int) view.longAt(stackId));
    if (!map.lookup(key, entries)) {
      return;
    }
    writeFrames(entries, out);
  }

  /** Writes the frames up to the first empty entry. */
  static void writeFrames(MemorySegment entries, TextBuffer out) {
    long depthMax = entries.byteSize() / ENTRY_SIZE_BYTES;
    for (int frame = 0; frame < depthMax; frame++) {
      long entry = (long) frame * ENTRY_SIZE_BYTES;
      int status = entries.get(ValueLayout.JAVA_INT, entry);
      if (status == STATUS_EMPTY) {
        return;
      }
      out.append('[').appendDecimal(frame).append(']');
      if (status == STATUS_VALID) {
        writeId(entries, entry + ID_OFFSET_BYTES, out);
        out.append('+');
      }
      out.appendAscii("0x")
          .appendHex(entries.get(ValueLayout.JAVA_LONG, entry + PLACE_OFFSET_BYTES));
      out.appendAscii("; ");
    }
  }

  private static void writeId(MemorySegment entries, long offset, TextBuffer out) {
    for (int i = 0; i < ID_SIZE_BYTES; i++) {
      int value = entries.get(ValueLayout.JAVA_BYTE, offset + i);
      out.appendHex(value >> 4 & 0xf).appendHex(value & 0xf);
    }
  }
}
