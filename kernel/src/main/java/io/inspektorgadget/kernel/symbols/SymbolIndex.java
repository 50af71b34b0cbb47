// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.symbols;

import java.util.Arrays;

/**
 * Ranges of addresses in ascending order, each with a number of its owner's choosing. Built once,
 * then immutable; a lookup is a binary search and allocates nothing.
 */
final class SymbolIndex {
  private final long[] starts;
  private final long[] sizesBytes;
  private final int[] values;

  private SymbolIndex(long[] starts, long[] sizesBytes, int[] values) {
    this.starts = starts;
    this.sizesBytes = sizesBytes;
    this.values = values;
  }

  /** The value of the range that holds the address (unsigned), or -1. */
  int find(long address) {
    int low = 0;
    int high = starts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(starts[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0) {
      return -1;
    }
    long distance = address - starts[high];
    boolean open = sizesBytes[high] == 0;
    boolean last = high == starts.length - 1;
    if (open ? last : Long.compareUnsigned(distance, sizesBytes[high]) >= 0) {
      return -1;
    }
    return values[high];
  }

  int count() {
    return starts.length;
  }

  /** Collects ranges in any order. */
  static final class Builder {
    private long[] starts = new long[1024];
    private long[] sizesBytes = new long[1024];
    private int[] values = new int[1024];
    private int count;

    /** A range; size 0 reaches to the beginning of the next one, and nowhere if it is the last. */
    void add(long start, long sizeBytes, int value) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
        sizesBytes = Arrays.copyOf(sizesBytes, count * 2);
        values = Arrays.copyOf(values, count * 2);
      }
      starts[count] = start;
      sizesBytes[count] = sizeBytes;
      values[count] = value;
      count++;
    }

    /** The index; of several ranges with one beginning the one added first counts. */
    SymbolIndex build() {
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      if (!isSorted()) {
        Arrays.sort(order, (a, b) -> Long.compareUnsigned(starts[a], starts[b]));
      }
      long[] sortedStarts = new long[count];
      long[] sortedSizes = new long[count];
      int[] sortedValues = new int[count];
      int kept = 0;
      for (int i : order) {
        if (kept > 0 && sortedStarts[kept - 1] == starts[i]) {
          sortedSizes[kept - 1] = Math.max(sortedSizes[kept - 1], sizesBytes[i]);
          continue;
        }
        sortedStarts[kept] = starts[i];
        sortedSizes[kept] = sizesBytes[i];
        sortedValues[kept] = values[i];
        kept++;
      }
      return new SymbolIndex(
          Arrays.copyOf(sortedStarts, kept),
          Arrays.copyOf(sortedSizes, kept),
          Arrays.copyOf(sortedValues, kept));
    }

    private boolean isSorted() {
      for (int i = 1; i < count; i++) {
        if (Long.compareUnsigned(starts[i - 1], starts[i]) > 0) {
          return false;
        }
      }
      return true;
    }
  }
}
