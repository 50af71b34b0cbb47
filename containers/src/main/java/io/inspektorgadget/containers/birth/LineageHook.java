// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.bpf.BpfException;
import io.inspektorgadget.kernel.bpf.BpfIterator;
import io.inspektorgadget.kernel.bpf.BpfLink;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.kernel.btf.ReducedKernelTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The program {@code lineage.bpf.c}: follows the processes of container runtimes. It notices every
 * container, also of runtimes that nobody registered, but holds none.
 *
 * <p>Used by one thread, {@link #newborns()} apart. Closed by who opened it.
 */
public final class LineageHook implements BirthHook {
  private static final String OBJECT = "lineage.bpf.o";
  private static final String PID_NAMESPACE = "viewer_pidns";
  private static final List<String> PROGRAMS =
      List.of("lineage_exec", "lineage_fork", "lineage_exit");
  private static final int EXISTING_SIZE_BYTES = 16;
  private static final int EXISTING_INODE_OFFSET = 8;
  private static final int EXISTING_PID_OFFSET = 12;
  private static final int ITERATOR_BUFFER_BYTES = 64 << 10;
  private static final int DRAIN_LIMIT = 256;
  private static final int BINARY_SIZE_BYTES = 16;
  private static final int BINARY_DEVICE_OFFSET = 8;

  private final Arena arena = Arena.ofShared();
  private final BpfObject object;
  private final RuntimeBinaries binaries;
  private final Set<RuntimeBinaries.Binary> registered = new HashSet<>();
  private final Map<Long, Long> existing = new HashMap<>();
  private final Map<Long, Long> existingProcesses = new HashMap<>();
  private final MemorySegment binaryKey = arena.allocate(BINARY_SIZE_BYTES, Long.BYTES);
  private final MemorySegment uniqueId = arena.allocate(JAVA_LONG);
  private final BpfMap runtimes;
  private final BpfMap seen;
  private final BpfMap lostBirths;
  private final NewbornNamespaces newborns;
  private final RingBufferReader ring;

  private LineageHook(BpfObject object, RuntimeBinaries binaries) {
    this.object = object;
    this.binaries = binaries;
    this.runtimes = object.map("runtimes");
    this.seen = object.map("seen");
    this.lostBirths = object.map("births_lost_samples");
    this.newborns = new NewbornNamespaces(object.map("gadget_mntns_new"), arena);
    this.ring = RingBufferReader.open(object.map("births"), null);
  }

  /**
   * Loads and attaches the program. When this returns no container can start unnoticed.
   *
   * @param binaries the runtimes that are followed by name
   * @param pidNs inode of the PID namespace whose numbers processes are told by; what is outside of
   *     it belongs to another node of this machine, and is not told
   * @throws BpfException if this kernel or this user's rights do not allow it, with the reason
   */
  public static LineageHook open(RuntimeBinaries binaries, long pidNs) {
    BpfObject object = BpfObject.open(OBJECT, bytes(), ReducedKernelTypes.find());
    LineageHook hook = null;
    try {
      object.setVariable(PID_NAMESPACE, asInteger(pidNs));
      object.load();
      hook = new LineageHook(object, binaries);
      hook.attach();
      return hook;
    } catch (RuntimeException e) {
      if (hook == null) {
        object.close();
      } else {
        hook.close();
      }
      throw e;
    }
  }

  private static byte[] asInteger(long value) {
    return ByteBuffer.allocate(Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt((int) value)
        .array();
  }

  /** The compiled program. */
  static byte[] bytes() {
    try (InputStream stream = LineageHook.class.getResourceAsStream(OBJECT)) {
      if (stream == null) {
        throw new IllegalStateException(
            "reading " + OBJECT + ": not in the class path; build the module containers");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + OBJECT + " in the class path", e);
    }
  }

  private void attach() {
    refreshRuntimes();
    BpfLink walk = object.attach(object.program("lineage_existing"));
    // Namespaces that are no news must be known before the first exec is looked at. Those that were
    // made between this walk and the attachment had their first exec unseen: the second walk.
    readExisting(walk);
    for (String program : PROGRAMS) {
      object.attach(object.program(program));
    }
    readExisting(walk);
  }

  private void readExisting(BpfLink walk) {
    try (Arena buffers = Arena.ofConfined();
        BpfIterator iterator = object.iterate(walk)) {
      MemorySegment buffer = buffers.allocate(ITERATOR_BUFFER_BYTES, Long.BYTES);
      int filled = 0;
      for (int count = iterator.read(buffer);
          count > 0;
          count = iterator.read(buffer.asSlice(filled))) {
        filled += count;
        int whole = filled - filled % EXISTING_SIZE_BYTES;
        for (int at = 0; at < whole; at += EXISTING_SIZE_BYTES) {
          long inode = Integer.toUnsignedLong(buffer.get(JAVA_INT, at + EXISTING_INODE_OFFSET));
          existing.put(inode, buffer.get(JAVA_LONG, at));
          long pid = buffer.get(JAVA_INT, at + EXISTING_PID_OFFSET);
          existingProcesses.merge(inode, pid, Math::min);
        }
        MemorySegment.copy(buffer, whole, buffer, 0, filled - whole);
        filled -= whole;
      }
    }
  }

  /** Looks for runtimes that were installed or replaced since the last look. */
  public void refreshRuntimes() {
    Set<RuntimeBinaries.Binary> installed = binaries.installed();
    for (RuntimeBinaries.Binary binary : installed) {
      if (registered.add(binary)) {
        setKey(binary);
        uniqueId.set(JAVA_LONG, 0, 1);
        runtimes.update(binaryKey, uniqueId);
      }
    }
    registered.removeIf(binary -> {
      if (installed.contains(binary)) {
        return false;
      }
      setKey(binary);
      runtimes.delete(binaryKey);
      return true;
    });
  }

  private void setKey(RuntimeBinaries.Binary binary) {
    binaryKey.set(JAVA_LONG, 0, binary.inode());
    binaryKey.set(JAVA_LONG, BINARY_DEVICE_OFFSET, Integer.toUnsignedLong(binary.device()));
  }

  @Override
  public int fd() {
    return ring.fd();
  }

  @Override
  public int drain(Consumer<Birth> births) {
    int total = 0;
    int count;
    do {
      count =
          ring.drain(
              (memory, offset, lengthBytes) ->
                  births.accept(BirthRecord.read(memory, offset, lengthBytes)),
              DRAIN_LIMIT);
      total += count;
    } while (count == DRAIN_LIMIT);
    return total;
  }

  @Override
  public boolean prepareToBlock() {
    return ring.prepareToBlock();
  }

  @Override
  public long lost() {
    return lostBirths.sumPerCpu(0);
  }

  @Override
  public long uniqueIdOfExisting(long mountNs) {
    return existing.getOrDefault(mountNs, 0L);
  }

  /**
   * The mount namespaces that existed when the hook began, by inode number, and of each the process
   * with the lowest number. The caller's own copy.
   */
  public Map<Long, Long> processesOfExisting() {
    return new HashMap<>(existingProcesses);
  }

  @Override
  public void adopt(long namespace) {
    uniqueId.set(JAVA_LONG, 0, namespace);
    seen.update(uniqueId, uniqueId);
  }

  @Override
  public Newborns newborns() {
    return newborns;
  }

  @Override
  public void close() {
    ring.close();
    object.close();
    arena.close();
  }
}
