// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Walks over the entries of one map, many at a time where the kernel can. It keeps its buffers for
 * the next walk. One thread at a time.
 */
final class MapWalk {
  private static final int LOOKUP_BATCH = 24;
  private static final int LOOKUP_AND_DELETE_BATCH = 25;

  /** Offsets of the batch member of union bpf_attr, whose size is 56 bytes. */
  private static final int IN_TOKEN = 0;

  private static final int OUT_TOKEN = 8;
  private static final int KEYS = 16;
  private static final int VALUES = 24;
  private static final int COUNT = 32;
  private static final int MAP_FD = 36;
  private static final int ATTRIBUTE_SIZE_BYTES = 56;

  private static final int FIRST_BATCH_BYTES = 256 * 1024;
  private static final int LAST_BATCH_ENTRIES = 1 << 24;

  private final BpfMap map;
  private final Arena arena;
  private final MemorySegment attribute;
  private final MemorySegment tokens;
  private final long tokenSizeBytes;
  private Buffers buffers;
  private boolean batches = true;

  /** Room for one batch; the two single segments are those that the handler sees. */
  private record Buffers(MemorySegment keys, MemorySegment values, int capacity) {}

  MapWalk(BpfMap map, Arena arena) {
    this.map = map;
    this.arena = arena;
    this.attribute = arena.allocate(ATTRIBUTE_SIZE_BYTES, 8);
    // A token is as long as a key for some kinds of maps and 4 bytes for hashes.
    this.tokenSizeBytes = Math.max(8, (map.keySizeBytes() + 7L) & ~7L);
    this.tokens = arena.allocate(2 * tokenSizeBytes, 8);
    long entrySizeBytes = map.keySizeBytes() + map.storageSizeBytes();
    this.buffers = allocate(Math.clamp(FIRST_BATCH_BYTES / entrySizeBytes, 16, 1024));
  }

  private Buffers allocate(int capacity) {
    return new Buffers(
        arena.allocate((long) capacity * map.keySizeBytes(), 8),
        arena.allocate((long) capacity * map.storageSizeBytes(), 8),
        capacity);
  }

  int drain(EntryHandler handler) {
    int total = 0;
    if (batches) {
      total = inBatches(LOOKUP_AND_DELETE_BATCH, handler);
    }
    return batches ? total : drainByKey(handler);
  }

  int forEach(EntryHandler handler) {
    int total = 0;
    if (batches) {
      total = inBatches(LOOKUP_BATCH, handler);
    }
    return batches ? total : visitByKey(handler);
  }

  /** Returns with {@link #batches} false, and nothing handed over, if the kernel cannot do it. */
  private int inBatches(int command, EntryHandler handler) {
    int total = 0;
    boolean first = true;
    while (true) {
      int errno = nextBatch(command, first);
      if (errno == Errno.ENOSPC && buffers.capacity < LAST_BATCH_ENTRIES) {
        // One bucket of the hash holds more entries than the batch.
        buffers = allocate(buffers.capacity * 4);
        continue;
      }
      boolean isEnd = errno == Errno.ENOENT;
      if (errno != 0 && !isEnd) {
        if (first && isUnsupported(errno)) {
          batches = false;
          return 0;
        }
        throw new BpfException("walking", "map " + map.name(), errno, "");
      }
      int count = attribute.get(JAVA_INT, COUNT);
      hand(count, handler);
      total += count;
      if (isEnd) {
        return total;
      }
      first = false;
      MemorySegment.copy(tokens, tokenSizeBytes, tokens, 0, tokenSizeBytes);
    }
  }

  private static boolean isUnsupported(int errno) {
    return errno == Errno.EINVAL || errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP;
  }

  private int nextBatch(int command, boolean first) {
    attribute.set(JAVA_LONG, IN_TOKEN, first ? 0 : tokens.address());
    attribute.set(JAVA_LONG, OUT_TOKEN, tokens.address() + tokenSizeBytes);
    attribute.set(JAVA_LONG, KEYS, buffers.keys.address());
    attribute.set(JAVA_LONG, VALUES, buffers.values.address());
    attribute.set(JAVA_INT, COUNT, buffers.capacity);
    attribute.set(JAVA_INT, MAP_FD, map.fd());
    long result = Libc.syscall(SystemCall.BPF, command, attribute.address(), ATTRIBUTE_SIZE_BYTES);
    return (int) -Math.min(result, 0);
  }

  private void hand(int count, EntryHandler handler) {
    long keySizeBytes = map.keySizeBytes();
    long valueSizeBytes = map.storageSizeBytes();
    for (int index = 0; index < count; index++) {
      handler.entry(
          buffers.keys.asSlice(index * keySizeBytes, keySizeBytes),
          buffers.values.asSlice(index * valueSizeBytes, valueSizeBytes));
    }
  }

  private int drainByKey(EntryHandler handler) {
    MemorySegment key = buffers.keys.asSlice(0, map.keySizeBytes());
    MemorySegment value = buffers.values.asSlice(0, map.storageSizeBytes());
    int total = 0;
    // Always the first key: the one taken is gone, so none comes twice.
    while (map.nextKey(null, key)) {
      if (map.take(key, value)) {
        handler.entry(key, value);
        total++;
      }
    }
    return total;
  }

  private int visitByKey(EntryHandler handler) {
    MemorySegment key = buffers.keys.asSlice(0, map.keySizeBytes());
    MemorySegment next = buffers.keys.asSlice(map.keySizeBytes(), map.keySizeBytes());
    MemorySegment value = buffers.values.asSlice(0, map.storageSizeBytes());
    int total = 0;
    boolean more = map.nextKey(null, key);
    while (more) {
      if (map.lookup(key, value)) {
        handler.entry(key, value);
        total++;
      }
      more = map.nextKey(key, next);
      key.copyFrom(next);
    }
    return total;
  }
}
