// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.bpf.BpfMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The map {@code gadget_mntns_new} of the lineage program. */
final class NewbornNamespaces implements BirthHook.Newborns {
  private final BpfMap map;
  private final MemorySegment key;
  private final MemorySegment value;

  /**
   * The map.
   *
   * @param arena shared, and open as long as the map is used
   */
  NewbornNamespaces(BpfMap map, Arena arena) {
    this.map = map;
    this.key = arena.allocate(JAVA_LONG);
    this.value = arena.allocate(JAVA_LONG);
  }

  @Override
  public BpfMap map() {
    return map;
  }

  @Override
  public synchronized boolean contains(long mountNs) {
    key.set(JAVA_LONG, 0, mountNs);
    return map.lookup(key, value);
  }

  @Override
  public synchronized void forget(long mountNs, long uniqueId) {
    if (contains(mountNs) && isMeant(uniqueId) && map.take(key, value) && !isMeant(uniqueId)) {
      // The number was given to a newer one between the look and the taking.
      map.update(key, value);
    }
  }

  private boolean isMeant(long uniqueId) {
    return uniqueId == 0 || value.get(JAVA_LONG, 0) == uniqueId;
  }

  @Override
  public List<Long> mountNamespaces() {
    List<Long> namespaces = new ArrayList<>();
    map.forEach((entryKey, entryValue) -> namespaces.add(entryKey.get(JAVA_LONG, 0)));
    return namespaces;
  }
}
