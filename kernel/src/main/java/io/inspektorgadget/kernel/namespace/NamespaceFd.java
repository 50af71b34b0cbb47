// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.namespace;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * A namespace kept alive by a descriptor: while it is open, the kernel gives its inode number to no
 * other namespace. The opener closes it. Thread-safe.
 */
public final class NamespaceFd implements AutoCloseable {
  /** ioctl NS_GET_MNTNS_ID of linux/nsfs.h (6.11): the id that is never used again, as a u64. */
  private static final long GET_MOUNT_NAMESPACE_ID = 0x8008_b705L;

  /** ioctl NS_GET_ID (6.18): the same for every kind of namespace. */
  private static final long GET_ID = 0x8008_b70dL;

  /** Kinds of namespaces, by their names below /proc/PID/ns. */
  public enum Kind {
    /** Mounts. */
    MNT,
    /** Network. */
    NET,
    /** Process numbers. */
    PID,
    /** Host name. */
    UTS,
    /** Control groups. */
    CGROUP,
    /** System V IPC. */
    IPC,
    /** Users. */
    USER;

    String fileName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Fd fd;
  private final Kind kind;
  private final long inode;

  private NamespaceFd(Fd fd, Kind kind, long inode) {
    this.fd = fd;
    this.kind = kind;
    this.inode = inode;
  }

  /**
   * Opens the namespace that a process is in.
   *
   * @param pid in this process's PID namespace
   * @throws SystemCallException ENOENT if the process is gone; EACCES if it has a capability that
   *     this process lacks
   */
  public static NamespaceFd open(long pid, Kind kind) {
    String path = "/proc/" + pid + "/ns/" + kind.fileName();
    Fd fd = Fd.ofResult(Libc.openAt(Libc.AT_FDCWD, path, Libc.O_RDONLY), "opening", path);
    return new NamespaceFd(fd, kind, Libc.inode(fd.number()));
  }

  /** The descriptor, for setns(2). */
  public int fd() {
    return fd.number();
  }

  /** Its number, which is given to another namespace once this one ends. */
  public long inode() {
    return inode;
  }

  /** Its id that is never used again; 0 where the kernel does not tell (mounts: before 6.11). */
  public long uniqueId() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment id = arena.allocate(JAVA_LONG);
      if (Libc.ioctl(fd.number(), GET_ID, id.address()) >= 0) {
        return id.get(JAVA_LONG, 0);
      }
      boolean told =
          kind == Kind.MNT && Libc.ioctl(fd.number(), GET_MOUNT_NAMESPACE_ID, id.address()) >= 0;
      return told ? id.get(JAVA_LONG, 0) : 0;
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
