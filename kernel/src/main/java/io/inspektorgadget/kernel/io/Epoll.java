// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An epoll(7) set, level-triggered, for readable descriptors. Each is added with a token of the
 * caller's choice, which comes back when it is readable, hung up or in error.
 *
 * <p>One thread waits; any thread may add and remove. The owner closes it after the waiting thread
 * has ended: signal that thread through an {@link EventFd} in the set and join it, because a thread
 * left in native code delays the end of the process.
 */
public final class Epoll implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = Libc.O_CLOEXEC;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final int BATCH = 64;

  /** struct epoll_event is packed on amd64 only. */
  private static final int TOKEN_OFFSET = Architecture.CURRENT == Architecture.AMD64 ? 4 : 8;

  private static final int EVENT_SIZE_BYTES = TOKEN_OFFSET + 8;

  private static final NativeFunction CREATE = NativeFunction.ofLibc("epoll_create1");
  private static final NativeFunction CONTROL = NativeFunction.ofLibc("epoll_ctl");
  private static final NativeFunction WAIT = NativeFunction.ofLibc("epoll_wait");

  private final Fd fd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate((long) BATCH * EVENT_SIZE_BYTES, 8);

  private Epoll(Fd fd) {
    this.fd = fd;
  }

  /**
   * Opens an empty set.
   *
   * @throws SystemCallException EMFILE where the process has too many open files
   */
  public static Epoll open() {
    int result = NativeFunction.toInt(CREATE.call(EPOLL_CLOEXEC));
    return new Epoll(
        Fd.ofResult(result < 0 ? -NativeFunction.lastErrno() : result, "opening", "an epoll set"));
  }

  /**
   * Adds a descriptor; it is removed by {@link #remove} or when its last duplicate is closed.
   *
   * @param token what {@link #await} reports for it
   * @throws SystemCallException EEXIST if it is in the set, EPERM if it is nothing to wait for
   */
  public void add(int descriptor, int token) {
    check(add(descriptor, EPOLLIN, token), "adding", descriptor);
  }

  /**
   * Adds a descriptor that is reported only when it is hung up or in error: the write end of a pipe
   * when nobody reads any more.
   *
   * @return false if it is nothing to wait for, such as a regular file: it is not added then
   * @throws SystemCallException EEXIST if it is in the set, EBADF if it is not open
   */
  public boolean addForHangup(int descriptor, int token) {
    long result = add(descriptor, 0, token);
    if (NativeFunction.toInt(result) < 0 && NativeFunction.lastErrno() == Errno.EPERM) {
      return false;
    }
    check(result, "adding", descriptor);
    return true;
  }

  private long add(int descriptor, int events, int token) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment event = call.allocate(EVENT_SIZE_BYTES, 8);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_INT_UNALIGNED, TOKEN_OFFSET, token);
      return CONTROL.call(fd.number(), EPOLL_CTL_ADD, descriptor, event.address());
    }
  }

  /**
   * Removes a descriptor that is still open.
   *
   * @throws SystemCallException ENOENT if it is not in the set
   */
  public void remove(int descriptor) {
    check(CONTROL.call(fd.number(), EPOLL_CTL_DEL, descriptor, 0), "removing", descriptor);
  }

  /**
   * Waits until a descriptor is ready, the time is over, or a signal comes in. Allocates nothing
   * itself.
   *
   * @param tokensOut receives the tokens of ready descriptors, at most its length of them
   * @param timeoutMs 0 looks and returns, negative waits for ever
   * @return how many tokens were written; 0 is no proof that the time is over
   * @throws SystemCallException EBADF after the set was closed by another owner
   */
  public int await(int[] tokensOut, long timeoutMs) {
    int timeout = timeoutMs < 0 ? -1 : (int) Math.min(timeoutMs, Integer.MAX_VALUE);
    int limit = Math.min(tokensOut.length, BATCH);
    int count = NativeFunction.toInt(WAIT.call(fd.number(), events.address(), limit, timeout));
    if (count < 0) {
      int errno = NativeFunction.lastErrno();
      if (errno == Errno.EINTR) {
        return 0;
      }
      throw new SystemCallException("waiting for", "an epoll set", errno, "");
    }
    for (int index = 0; index < count; index++) {
      long offset = (long) index * EVENT_SIZE_BYTES + TOKEN_OFFSET;
      tokensOut[index] = events.get(JAVA_INT_UNALIGNED, offset);
    }
    return count;
  }

  private static void check(long result, String operation, int descriptor) {
    if (NativeFunction.toInt(result) < 0) {
      String subject = "descriptor " + descriptor + " of an epoll set";
      throw new SystemCallException(operation, subject, NativeFunction.lastErrno(), "");
    }
  }

  @Override
  public void close() {
    if (fd.isOpen()) {
      fd.close();
      arena.close();
    }
  }
}
