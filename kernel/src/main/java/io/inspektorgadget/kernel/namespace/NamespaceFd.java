// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.namespace;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A descriptor of a namespace. While it is open the namespace stays, and the kernel gives its
 * number to no other. Its owner closes it. Thread-safe.
 */
public final class NamespaceFd implements AutoCloseable {
  /** NS_GET_MNTNS_ID of include/uapi/linux/nsfs.h, since Linux 6.10. */
  private static final long NS_GET_MNTNS_ID = 0x8008_b705L;

  private final Fd fd;
  private final Kind kind;

  private NamespaceFd(Fd fd, Kind kind) {
    this.fd = fd;
    this.kind = kind;
  }

  /** Kinds of namespaces, as /proc/PID/ns names them in lower case. */
  public enum Kind {
    MNT,
    NET,
    PID,
    UTS,
    IPC,
    USER,
    CGROUP
  }

  /**
   * Opens a namespace of a process.
   *
   * @param pid the process's id in our own PID namespace
   * @throws SystemCallException ENOENT or ESRCH if the process is gone, EACCES if it may not be
   *     looked at, EMFILE where this process has too many open files
   */
  public static NamespaceFd open(long pid, Kind kind) {
    String path = "/proc/" + pid + "/ns/" + kind.name().toLowerCase(Locale.ROOT);
    return new NamespaceFd(Fd.ofResult(Libc.openAt(Libc.AT_FDCWD, path, 0), "opening", path), kind);
  }

  /**
   * The namespace's number, its inode in nsfs.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public long inode() throws IOException {
    Path link = Path.of("/proc/self/fd/" + fd.number());
    String target = Files.readSymbolicLink(link).toString();
    return Long.parseLong(target.substring(target.indexOf('[') + 1, target.indexOf(']')));
  }

  /**
   * An id that no other mount namespace ever has on this machine until it starts again; 0 for other
   * kinds and where the kernel cannot say.
   */
  public long uniqueId() {
    if (kind != Kind.MNT) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment id = arena.allocate(JAVA_LONG);
      int result = Libc.ioctl(fd.number(), NS_GET_MNTNS_ID, id.address());
      return result < 0 ? 0 : id.get(JAVA_LONG, 0);
    }
  }

  /** The descriptor. */
  public int fd() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }
}
