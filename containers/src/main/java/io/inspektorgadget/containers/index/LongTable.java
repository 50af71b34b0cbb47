// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.index;

import io.inspektorgadget.model.container.ContainerInfo;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Containers by a number, several of which may be alike; an open-addressing table without boxes.
 * Immutable, so any thread may look without a lock. Key 0 means "unknown" and is never found.
 */
final class LongTable {
  private static final int SLOTS_PER_ENTRY = 2;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long[] keys;
  private final @Nullable ContainerInfo[] values;
  private final int shift;

  /** A table of these containers; of two with one key the earlier in the list is found first. */
  LongTable(List<ContainerInfo> containers, ToLongFunction<ContainerInfo> key) {
    int slots = Math.max(2, Integer.highestOneBit(containers.size() * SLOTS_PER_ENTRY) << 1);
    this.keys = new long[slots];
    this.values = new @Nullable ContainerInfo[slots];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
    for (ContainerInfo container : containers) {
      long number = key.applyAsLong(container);
      if (number != 0) {
        int slot = slot(number);
        while (values[slot] != null) {
          slot = (slot + 1) & (slots - 1);
        }
        keys[slot] = number;
        values[slot] = container;
      }
    }
  }

  /** The first slot that may hold the key. */
  int slot(long key) {
    return (int) ((key * MULTIPLIER) >>> shift);
  }

  /** The slot after this one. */
  int next(int slot) {
    return (slot + 1) & (keys.length - 1);
  }

  /** What a slot holds; null ends a search. */
  @Nullable ContainerInfo value(int slot) {
    return values[slot];
  }

  /** The key of a slot that holds something. */
  long key(int slot) {
    return keys[slot];
  }

  /** The first container of this key. */
  @Nullable ContainerInfo first(long key) {
    if (key == 0) {
      return null;
    }
    int slot = slot(key);
    ContainerInfo value = values[slot];
    while (value != null) {
      if (keys[slot] == key) {
        return value;
      }
      slot = next(slot);
      value = values[slot];
    }
    return null;
  }
}
