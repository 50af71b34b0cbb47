// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The mount namespaces that were announced lately and are no container's. The collection's thread
 * adds, any thread looks.
 */
final class DismissedNamespaces {
  /** More than a node starts pods while their first records are read. */
  private static final int ROOM = 256;

  private final AtomicLongArray inodes = new AtomicLongArray(ROOM);
  private final AtomicLongArray uniqueIds = new AtomicLongArray(ROOM);
  private int next;

  void add(MountNs mountNs) {
    int at = next++ % ROOM;
    // Half a change is never taken for a namespace: number 0 is nobody's.
    inodes.set(at, 0);
    uniqueIds.set(at, mountNs.uniqueId());
    inodes.set(at, mountNs.inode());
    next %= ROOM;
  }

  /**
   * True if it was added and not too many were since.
   *
   * @param uniqueId 0 if unknown: then the latest of this number is meant
   */
  boolean contains(long inode, long uniqueId) {
    for (int i = 0; i < ROOM; i++) {
      if (inode != 0 && inodes.get(i) == inode) {
        long known = uniqueIds.get(i);
        if (known == uniqueId || known == 0 || uniqueId == 0) {
          return true;
        }
      }
    }
    return false;
  }
}
