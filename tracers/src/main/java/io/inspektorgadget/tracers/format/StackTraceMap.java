// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.bpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Stacks that kernel programs have put into a BPF_MAP_TYPE_STACK_TRACE map: a number of the stack
 * gives its addresses, innermost first, ended by a zero. Single thread: the run's event loop.
 */
final class StackTraceMap {
  private final BpfMap map;
  private final MemorySegment key;
  private final MemorySegment addresses;
  private final int depthMax;

  /** A reader of the map; its memory goes with it. */
  StackTraceMap(BpfMap map) {
    this.map = map;
    Arena arena = Arena.ofAuto();
    this.key = arena.allocate(ValueLayout.JAVA_INT);
    this.addresses = arena.allocate(map.valueSizeBytes(), Long.BYTES);
    this.depthMax = map.valueSizeBytes() / Long.BYTES;
  }

  /**
   * Reads the stack of that number; returns how many addresses {@link #address} then has. A program
   * that got no stack stores a negative error number, which as a u32 is beyond every stack.
   */
  int read(long stackId) {
    key.set(ValueLayout.JAVA_INT, 0, (int) stackId);
    if (stackId < 0 || stackId > Integer.MAX_VALUE || !map.lookup(key, addresses)) {
      return 0;
    }
    int depth = 0;
    while (depth < depthMax && address(depth) != 0) {
      depth++;
    }
    return depth;
  }

  /** One address of the stack read last; {@code frame} 0 is the innermost. */
  long address(int frame) {
    return addresses.getAtIndex(ValueLayout.JAVA_LONG, frame);
  }
}
