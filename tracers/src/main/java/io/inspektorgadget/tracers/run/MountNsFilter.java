// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.ContainerListener;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.model.container.ContainerInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The mount namespaces that a run's programs keep, in the kernel's map: containers that the
 * selector means are put in when they are born and taken out when they are gone. Called by one
 * thread at a time: the starting one for the containers that are there, then
 * Container-Collection's.
 */
final class MountNsFilter implements ContainerListener, CloserStack.Resource {
  /** GADGET_MEMBER_ANY of {@code gadget/filter.h}: also what programs of others are given. */
  private static final int ANY = 1;

  private final BpfMap map;
  private final boolean followsEvents;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment key;
  private final MemorySegment member;

  /**
   * A filter in this map.
   *
   * @param followsEvents whether what a container does first matters, so that it waits for this
   */
  MountNsFilter(BpfMap map, boolean followsEvents) {
    this.map = map;
    this.followsEvents = followsEvents;
    this.key = arena.allocate(map.keySizeBytes(), Long.BYTES);
    this.member = arena.allocate(map.valueSizeBytes(), Long.BYTES);
    setMember(ANY);
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
      key.set(ValueLayout.JAVA_LONG, 0, inode);
      // Our programs tell by it that a number has been given to another namespace.
      int low = (int) container.mountNs().uniqueId();
      setMember(low == 0 ? ANY : low);
      map.update(key, member);
    }
  }

  @Override
  public synchronized void removed(ContainerInfo container) {
    long inode = container.mountNs().inode();
    if (inode != 0) {
      key.set(ValueLayout.JAVA_LONG, 0, inode);
      map.delete(key);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
