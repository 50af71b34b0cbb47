// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.ContainerListener;
import io.inspektorgadget.kernel.bpf.BpfException;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.model.container.ContainerInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The mount namespaces that a run's programs keep, in the kernel's map: containers that the
 * selector means are put in when they are born and taken out when they are gone. One that finds the
 * map full is counted as lost, and put in when another one has made room. Called by one thread at a
 * time: the starting one for the containers that are there, then Container-Collection's.
 */
final class MountNsFilter implements ContainerListener, CloserStack.Resource {
  /** GADGET_MEMBER_ANY of {@code gadget/filter.h}: also what programs of others are given. */
  private static final int ANY = 1;

  private final BpfMap map;
  private final boolean followsEvents;
  private final Losses losses;
  private final Map<Long, Integer> withoutRoom = new LinkedHashMap<>();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment key;
  private final MemorySegment member;

  /**
   * Where it is counted what the run will miss.
   *
   * @param full namespaces without room in the map
   * @param late starts that went on before anybody was told of the container
   */
  record Losses(CountedLoss full, CountedLoss late) {}

  /**
   * A filter in this map.
   *
   * @param followsEvents whether what a container does first matters, so that it waits for this
   */
  MountNsFilter(BpfMap map, boolean followsEvents, Losses losses) {
    this.map = map;
    this.followsEvents = followsEvents;
    this.losses = losses;
    this.key = arena.allocate(map.keySizeBytes(), Long.BYTES);
    this.member = arena.allocate(map.valueSizeBytes(), Long.BYTES);
  }

  /** The low half of a namespace's unique id, where the map has room for it. */
  private void setMember(int value) {
    if (map.valueSizeBytes() == Integer.BYTES) {
      member.set(ValueLayout.JAVA_INT, 0, value);
    } else {
      member.set(ValueLayout.JAVA_BYTE, 0, (byte) ANY);
    }
  }

  @Override
  public boolean isAwaited() {
    return followsEvents;
  }

  @Override
  public synchronized void added(ContainerInfo container) {
    long inode = container.mountNs().inode();
    if (inode != 0) {
      // Our programs tell by it that a number has been given to another namespace.
      int low = (int) container.mountNs().uniqueId();
      if (!put(inode, low == 0 ? ANY : low)) {
        withoutRoom.put(inode, low == 0 ? ANY : low);
        losses.full().add(1);
      }
    }
  }

  /** False if the map is full. */
  private boolean put(long inode, int value) {
    key.set(ValueLayout.JAVA_LONG, 0, inode);
    setMember(value);
    try {
      map.update(key, member);
      return true;
    } catch (BpfException e) {
      if (e.errno() == Errno.E2BIG) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public synchronized void removed(ContainerInfo container) {
    long inode = container.mountNs().inode();
    if (inode != 0 && withoutRoom.remove(inode) == null) {
      key.set(ValueLayout.JAVA_LONG, 0, inode);
      map.delete(key);
      putNextWithoutRoom();
    }
  }

  private void putNextWithoutRoom() {
    Iterator<Map.Entry<Long, Integer>> waiting = withoutRoom.entrySet().iterator();
    if (waiting.hasNext()) {
      Map.Entry<Long, Integer> next = waiting.next();
      if (put(next.getKey(), next.getValue())) {
        waiting.remove();
      }
    }
  }

  @Override
  public void late(long count) {
    losses.late().add(count);
  }

  @Override
  public void close() {
    arena.close();
  }
}
