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
 * Compares the bytes of a record that some fields are made of, and its container, with those of the
 * record before, eight bytes at a time. Single thread: the run's event loop.
 */
final class RecordWatch implements FieldWatch {
  /** More than this costs about as much to compare as to write. */
  static final int BYTES_MAX = 256;

  private final int[] offsets;
  private final long[] masks;
  private final long[] words;
  private final int endBytes;
  private final boolean ofContainer;
  private boolean remembers;
  private @Nullable ContainerInfo container;

  /**
   * A watch that remembers nothing yet.
   *
   * @param bytes the places in the record that matter
   * @param ofContainer true if the container matters too
   */
  RecordWatch(BitSet bytes, boolean ofContainer) {
    int used = bytes.length();
    int[] starts = new int[(used + Long.BYTES - 1) / Long.BYTES];
    int count = 0;
    for (int at = bytes.nextSetBit(0); at >= 0; at = bytes.nextSetBit(at)) {
      // Aligned words are read at once; only the last one must not reach beyond what is known.
      int start = Math.max(0, Math.min(at & -Long.BYTES, used - Long.BYTES));
      starts[count++] = start;
      at = start + Long.BYTES;
    }
    this.offsets = Arrays.copyOf(starts, count);
    this.masks = new long[count];
    this.words = new long[count];
    for (int i = 0; i < count; i++) {
      masks[i] = mask(bytes, offsets[i]);
    }
    this.endBytes = count == 0 ? 0 : offsets[count - 1] + Long.BYTES;
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
  public boolean changed(EventView event) {
    return !(event instanceof RecordView view) || view.differs(this);
  }

  /** See {@link #changed}: the same for a record that lies somewhere. */
  @SuppressWarnings("ReferenceEquality") // another object is another container, or news of it
  boolean changed(ByteBuffer memory, int base, int lengthBytes, @Nullable ContainerInfo owner) {
    if (lengthBytes < endBytes) {
      remembers = false;
      return true;
    }
    int same = 0;
    if (remembers && (!ofContainer || owner == container)) {
      while (same < offsets.length
          && (memory.getLong(base + offsets[same]) & masks[same]) == words[same]) {
        same++;
      }
      if (same == offsets.length) {
        return false;
      }
    }
    for (int i = same; i < offsets.length; i++) {
      words[i] = memory.getLong(base + offsets[i]) & masks[i];
    }
    container = owner;
    remembers = true;
    return true;
  }
}
