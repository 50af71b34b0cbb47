// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.util.Optional;

/**
 * A descriptor of one process (pidfd_open(2)), which stays that process's even when its number is
 * used again. It becomes readable when the process ends. The opener closes it.
 */
public final class PidFd implements AutoCloseable {
  private final Fd fd;
  private final long pid;

  private PidFd(Fd fd, long pid) {
    this.fd = fd;
    this.pid = pid;
  }

  /**
   * Opens a process.
   *
   * @param pid in this process's PID namespace; a thread group's leader
   * @return empty if there is no such process
   * @throws SystemCallException EMFILE where this process has too many open files
   */
  public static Optional<PidFd> open(long pid) {
    long result = pid <= 0 ? -Errno.ESRCH : Libc.syscall(SystemCall.PIDFD_OPEN, pid, 0);
    // ENOENT and EINVAL: the number is that of a thread that leads no group.
    if (result == -Errno.ESRCH || result == -Errno.ENOENT || result == -Errno.EINVAL) {
      return Optional.empty();
    }
    return Optional.of(new PidFd(Fd.ofResult(result, "opening", "process " + pid), pid));
  }

  /** The number that the process had when it was opened. */
  public long pid() {
    return pid;
  }

  /** The descriptor to wait for; readable once the process has ended. */
  public int fd() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }
}
