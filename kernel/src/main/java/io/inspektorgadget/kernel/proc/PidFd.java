// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.util.Optional;

/**
 * A pidfd: a descriptor of one process that no other process can take over, readable for an epoll
 * set when the process has ended. Its owner closes it. Thread-safe.
 */
public final class PidFd implements AutoCloseable {
  private final Fd fd;

  private PidFd(Fd fd) {
    this.fd = fd;
  }

  /**
   * Opens the process with that id.
   *
   * @param pid its id in our own PID namespace
   * @return empty if there is no such process (any more)
   * @throws SystemCallException EMFILE where this process has too many open files
   */
  public static Optional<PidFd> open(long pid) {
    long result = Libc.syscall(SystemCall.PIDFD_OPEN, pid, 0);
    // EINVAL: the id is now that of a thread, so its process has ended.
    if (result == -Errno.ESRCH || result == -Errno.EINVAL) {
      return Optional.empty();
    }
    return Optional.of(new PidFd(Fd.ofResult(result, "opening", "process " + pid)));
  }

  /** The descriptor; readable when the process has ended. */
  public int fd() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }
}
