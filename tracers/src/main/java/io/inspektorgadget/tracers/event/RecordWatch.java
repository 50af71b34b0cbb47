// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.FieldWatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the bytes of a record that some fields are made of, and its container, with those of
 * earlier records, eight bytes at a time. Single thread: the run's event loop.
 */
final class RecordWatch implements FieldWatch {
  /** 2^64 divided by the golden ratio: spreads what differs over the upper bits. */
  private static final long HASH_FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);

  private final int[] indexes;
  private final long[] masks;
  private final int endBytes;
  private final boolean ofContainer;
  private final long[] current;

  /** Of each slot: the words one slot after the other, the container, and whether it is taken. */
  private final long[] words;

  private final @Nullable ContainerInfo[] containers = new @Nullable ContainerInfo[SLOTS];
  private final boolean[] remembers = new boolean[SLOTS];

  /**
   * A watch that remembers nothing yet.
   *
   * @param bytes the places in the record that matter
   * @param ofContainer true if the container matters too
   */
  RecordWatch(BitSet bytes, boolean ofContainer) {
    this.endBytes = bytes.length();
    int[] found = new int[(endBytes + Long.BYTES - 1) / Long.BYTES];
    int count = 0;
    for (int at = bytes.nextSetBit(0); at >= 0; at = bytes.nextSetBit(at)) {
      int index = at / Long.BYTES;
      found[count++] = index;
      at = (index + 1) * Long.BYTES;
    }
    this.indexes = Arrays.copyOf(found, count);
    this.masks = new long[count];
    this.current = new long[count];
    this.words = new long[SLOTS * count];
    for (int i = 0; i < count; i++) {
      masks[i] = mask(bytes, indexes[i] * Long.BYTES);
    }
    this.ofContainer = ofContainer;
  }

  private static long mask(BitSet bytes, int start) {
    ByteBuffer mask = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < Long.BYTES; i++) {
      mask.put(i, (byte) (bytes.get(start + i) ? 0xff : 0));
    }
    return mask.getLong(0);
  }

  @Override
  public int slot(EventView event) {
    return event instanceof RecordView view ? view.slot(this) : ~0;
  }

  /** The same as {@link #slot(EventView)} for the words of a record. */
  @SuppressWarnings("ReferenceEquality") // another object is another container, or news of it
  int slot(RecordWords record, int lengthBytes, @Nullable ContainerInfo owner) {
    if (lengthBytes < endBytes) {
      remembers[0] = false;
      return ~0;
    }
    ContainerInfo container = ofContainer ? owner : null;
    long hash = container == null ? 0 : container.pid();
    for (int i = 0; i < current.length; i++) {
      long word = record.word(indexes[i]) & masks[i];
      current[i] = word;
      hash = (hash ^ word) * HASH_FACTOR;
      hash ^= hash >>> Integer.SIZE;
    }
    int slot = (int) ((hash * HASH_FACTOR) >>> HASH_SHIFT);
    int first = slot * current.length;
    if (remembers[slot] && containers[slot] == container) {
      int same = 0;
      while (same < current.length && words[first + same] == current[same]) {
        same++;
      }
      if (same == current.length) {
        return slot;
      }
    }
    System.arraycopy(current, 0, words, first, current.length);
    containers[slot] = container;
    remembers[slot] = true;
    return ~slot;
  }
}
