// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An eventfd(2): what one thread signals and another one waits for in its {@link Epoll}. The owner
 * closes it after the waiting thread has ended. Any thread may signal.
 */
public final class EventFd implements AutoCloseable {
  private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;
  private static final NativeFunction EVENTFD = NativeFunction.ofLibc("eventfd");

  private final Fd fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment one = arena.allocate(JAVA_LONG);
  private final MemorySegment count = arena.allocate(JAVA_LONG);

  private EventFd(Fd fd) {
    this.fd = fd;
    one.set(JAVA_LONG, 0, 1);
  }

  /**
   * Opens one, not signalled.
   *
   * @throws SystemCallException EMFILE where the process has too many open files
   */
  public static EventFd open() {
    int result = NativeFunction.toInt(EVENTFD.call(0, EFD_NONBLOCK_CLOEXEC));
    return new EventFd(
        Fd.ofResult(result < 0 ? -NativeFunction.lastErrno() : result, "opening", "an eventfd"));
  }

  /** The descriptor to wait for; readable while signalled. */
  public int fd() {
    return fd.number();
  }

  /** Makes it readable; repeated signals count as one for {@link #drain}. */
  public void signal() {
    int result = Libc.write(fd.number(), one);
    // EAGAIN: the counter is at its maximum, so it is signalled already.
    if (result < 0 && result != -Errno.EAGAIN) {
      throw new SystemCallException("signalling", "an eventfd", -result, "");
    }
  }

  /** Takes the signals away; true if there were any. For one thread at a time. */
  public boolean drain() {
    int result = Libc.read(fd.number(), count);
    if (result < 0 && result != -Errno.EAGAIN) {
      throw new SystemCallException("reading", "an eventfd", -result, "");
    }
    return result > 0;
  }

  @Override
  public void close() {
    if (fd.isOpen()) {
      fd.close();
      arena.close();
    }
  }
}
