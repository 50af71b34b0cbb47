// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import java.lang.foreign.MemorySegment;

/** Takes the entries of a map one after another. */
@FunctionalInterface
public interface EntryHandler {
  /**
   * One entry. Both segments are valid during the call only and used again for the next one.
   *
   * @param key as the map holds it
   * @param value as the map holds it; of a per-CPU map one value per possible CPU, each rounded up
   *     to 8 bytes
   */
  void entry(MemorySegment key, MemorySegment value);
}
