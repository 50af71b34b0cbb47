// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One map of a {@link BpfObject}, which owns it. Keys and values are native memory in the layout
 * that the object's BTF describes, in this machine's byte order.
 *
 * <p>Looking up, updating and deleting is thread-safe once the object is loaded; {@link #drain},
 * {@link #forEach} and {@link #sumPerCpu} of one map wait for each other. The object must not be
 * closed meanwhile.
 */
public final class BpfMap {
  private static final int NOT_LOADED = -1;
  private static final long UPDATE_ANY = 0;

  private final BpfObject object;
  private final long handle;
  private final String name;
  private final int type;
  private final int keySizeBytes;
  private final int valueSizeBytes;
  private @Nullable BpfMap reused;
  private @Nullable MapWalk walk;
  private @Nullable MemorySegment sumBuffer;
  private volatile int fd = NOT_LOADED;

  BpfMap(BpfObject object, long handle) {
    this.object = object;
    this.handle = handle;
    this.name = LibBpf.text(LibBpf.MAP_NAME.call(handle));
    this.type = (int) LibBpf.MAP_TYPE.call(handle);
    this.keySizeBytes = (int) LibBpf.MAP_KEY_SIZE.call(handle);
    this.valueSizeBytes = (int) LibBpf.MAP_VALUE_SIZE.call(handle);
  }

  /** Its C name; for the maps behind global variables, object name and section. */
  public String name() {
    return name;
  }

  /** Its number in enum bpf_map_type. */
  public int type() {
    return type;
  }

  /** Size of a key. */
  public int keySizeBytes() {
    return keySizeBytes;
  }

  /** Size of a value; of a per-CPU map, of the value of one CPU. */
  public int valueSizeBytes() {
    return valueSizeBytes;
  }

  /** Size of what a look-up writes: per-CPU maps give 8-byte aligned values of every CPU. */
  public long storageSizeBytes() {
    long aligned = (valueSizeBytes + 7L) & ~7L;
    return MapType.isPerCpu(type) ? aligned * possibleCpus() : valueSizeBytes;
  }

  /** How many entries it has room for; of a ring buffer, its bytes. */
  public long maxEntries() {
    return Integer.toUnsignedLong((int) LibBpf.MAP_MAX_ENTRIES.call(handle()));
  }

  /**
   * Changes how many entries it has room for; a ring buffer is rounded up to a power of two pages.
   *
   * @throws IllegalStateException after the load
   * @throws BpfException EINVAL for a map of a fixed size
   */
  public void setMaxEntries(long maxEntries) {
    object.requireNotLoaded("resizing map " + name);
    if (maxEntries < 1 || maxEntries > 0xffff_ffffL) {
      throw new BpfException("resizing", "map " + name, Errno.EINVAL, maxEntries + " entries");
    }
    check(LibBpf.MAP_SET_MAX_ENTRIES.call(handle(), maxEntries), "resizing");
  }

  /**
   * Takes a loaded map of another object instead of making one of its own. Both objects hold it
   * then.
   *
   * @throws IllegalStateException after the load
   * @throws BpfException EINVAL if kind, key or value differ; ENOENT if the other one is not loaded
   */
  public void reuse(BpfMap other) {
    object.requireNotLoaded("replacing map " + name);
    boolean same =
        type == other.type
            && keySizeBytes == other.keySizeBytes
            && valueSizeBytes == other.valueSizeBytes;
    if (!same) {
      throw new BpfException(
          "replacing",
          "map " + name,
          Errno.EINVAL,
          "type, key or value size of " + other.name + " differ");
    }
    check(LibBpf.MAP_REUSE_FD.call(handle(), other.fd()), "replacing");
    reused = other;
  }

  /**
   * Its file descriptor, owned by the object.
   *
   * @throws BpfException ENOENT before the load
   */
  public int fd() {
    int known = fd;
    if (known == NOT_LOADED) {
      known = (int) LibBpf.MAP_FD.call(handle());
      if (known < 0 || (known == 0 && !object.isLoaded())) {
        throw new BpfException("using", "map " + name, Errno.ENOENT, "it is not loaded");
      }
      fd = known;
    }
    object.requireOpen("using map");
    return known;
  }

  /** Copies the value of a key out; false if there is no such key. */
  public boolean lookup(MemorySegment key, MemorySegment valueOut) {
    require(key, keySizeBytes, "key");
    require(valueOut, storageSizeBytes(), "value");
    return found(LibBpf.ELEMENT_LOOKUP.call(fd(), key.address(), valueOut.address()), "reading");
  }

  /**
   * Sets the value of a key, new or not.
   *
   * @throws BpfException E2BIG if the map is full or an array's index is beyond its end
   */
  public void update(MemorySegment key, MemorySegment value) {
    require(key, keySizeBytes, "key");
    require(value, storageSizeBytes(), "value");
    long result = LibBpf.ELEMENT_UPDATE.call(fd(), key.address(), value.address(), UPDATE_ANY);
    check(result, "updating");
  }

  /** Deletes a key; false if there was none. */
  public boolean delete(MemorySegment key) {
    require(key, keySizeBytes, "key");
    return found(LibBpf.ELEMENT_DELETE.call(fd(), key.address()), "deleting from");
  }

  /**
   * The key behind another one, in an order of the kernel's choice.
   *
   * @param key null for the first one; a key that is gone starts from the first one as well
   * @return false at the end
   */
  public boolean nextKey(@Nullable MemorySegment key, MemorySegment nextOut) {
    if (key != null) {
      require(key, keySizeBytes, "key");
    }
    require(nextOut, keySizeBytes, "key");
    long address = key == null ? 0 : key.address();
    return found(LibBpf.ELEMENT_NEXT_KEY.call(fd(), address, nextOut.address()), "walking");
  }

  /** As {@link #lookup}, and deletes the key in the same step where the kernel has it (5.14). */
  public boolean take(MemorySegment key, MemorySegment valueOut) {
    require(key, keySizeBytes, "key");
    require(valueOut, storageSizeBytes(), "value");
    long result = LibBpf.ELEMENT_TAKE.call(fd(), key.address(), valueOut.address());
    int errno = LibBpf.errno(result);
    if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOTSUPP || errno == Errno.EINVAL) {
      return lookup(key, valueOut) && delete(key);
    }
    return found(result, "taking from");
  }

  /**
   * The sum over all CPUs of an unsigned 64-bit counter in a per-CPU array. Allocates nothing after
   * the first call.
   *
   * @throws BpfException EINVAL if the map is no per-CPU array of 8-byte values or has no such
   *     index
   */
  public synchronized long sumPerCpu(int index) {
    if (type != MapType.PER_CPU_ARRAY || valueSizeBytes != 8 || index >= maxEntries()) {
      throw new BpfException(
          "summing up", "map " + name, Errno.EINVAL, "no per-CPU array of counters with " + index);
    }
    int cpus = possibleCpus();
    MemorySegment buffer = sumBuffer;
    if (buffer == null) {
      buffer = object.arena().allocate(8L * (cpus + 1), 8);
      sumBuffer = buffer;
    }
    // The key lies behind the values, so that one segment does for both.
    long keyOffset = 8L * cpus;
    buffer.set(JAVA_INT, keyOffset, index);
    long address = buffer.address();
    check(LibBpf.ELEMENT_LOOKUP.call(fd(), address + keyOffset, address), "summing up");
    long sum = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      sum += buffer.get(JAVA_LONG, 8L * cpu);
    }
    return sum;
  }

  /**
   * Hands every entry to the handler exactly once and deletes it: many at a time where the kernel
   * can (5.6), else key by key. Entries that programs add meanwhile may come now or the next time.
   *
   * @return how many entries
   * @throws BpfException EINVAL for an array, whose entries cannot be deleted
   */
  public synchronized int drain(EntryHandler handler) {
    if (MapType.isArray(type)) {
      throw new BpfException(
          "draining", "map " + name, Errno.EINVAL, "entries of an array cannot be deleted");
    }
    return walk().drain(handler);
  }

  /**
   * Hands every entry to the handler and leaves it in place. Entries that programs add, delete or
   * move meanwhile may be missed or come twice.
   *
   * @return how many entries
   */
  public synchronized int forEach(EntryHandler handler) {
    return walk().forEach(handler);
  }

  private MapWalk walk() {
    MapWalk existing = walk;
    if (existing == null) {
      existing = new MapWalk(this, object.arena());
      walk = existing;
    }
    return existing;
  }

  /** True for the map behind a section of global variables. */
  boolean isInternal() {
    return (LibBpf.MAP_IS_INTERNAL.call(handle()) & 0xff) != 0;
  }

  /** The bytes that global variables start with, before the load; empty for other maps. */
  MemorySegment initialValue() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_LONG);
      long address = LibBpf.MAP_INITIAL_VALUE.call(handle(), size.address());
      return address == 0
          ? MemorySegment.NULL
          : MemorySegment.ofAddress(address).reinterpret(size.get(JAVA_LONG, 0));
    }
  }

  /** Gives this map, of a fresh object, what was set on the same map of another one. */
  void copySettings(BpfMap other) {
    BpfMap shared = other.reused;
    if (shared != null) {
      reuse(shared);
    } else if (maxEntries() != other.maxEntries()) {
      setMaxEntries(other.maxEntries());
    }
    MemorySegment initial = initialValue();
    if (initial.byteSize() > 0) {
      initial.copyFrom(other.initialValue());
    }
  }

  private long handle() {
    object.requireOpen("using map");
    return handle;
  }

  private static int possibleCpus() {
    return PossibleCpus.COUNT;
  }

  /** Asked for on first use only; it cannot change while the kernel runs. */
  private static final class PossibleCpus {
    static final int COUNT = count();

    private static int count() {
      long result = LibBpf.POSSIBLE_CPUS.call();
      int errno = LibBpf.errno(result);
      if (errno != 0) {
        throw new BpfException("counting", "possible CPUs", errno, "sysfs has to be mounted");
      }
      return (int) result;
    }
  }

  private boolean found(long result, String operation) {
    int errno = LibBpf.errno(result);
    if (errno == Errno.ENOENT) {
      return false;
    }
    if (errno != 0) {
      throw new BpfException(operation, "map " + name, errno, "");
    }
    return true;
  }

  private void check(long result, String operation) {
    int errno = LibBpf.errno(result);
    if (errno != 0) {
      throw new BpfException(operation, "map " + name, errno, "");
    }
  }

  private void require(MemorySegment segment, long sizeBytes, String what) {
    if (!segment.isNative() || segment.byteSize() < sizeBytes) {
      throw new IllegalArgumentException(
          "using map %s: its %s has to be native memory of %d bytes, not %d"
              .formatted(name, what, sizeBytes, segment.byteSize()));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
