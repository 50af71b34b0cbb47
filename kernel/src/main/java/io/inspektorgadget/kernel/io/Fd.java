// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/**
 * The one owner of a file descriptor. Whoever opens it closes it; closing again does nothing, and
 * using it after that is an error instead of a call on whatever got the number since.
 *
 * <p>Thread-safe, but a close does not wait for a call that another thread is in.
 */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private final String subject;
  private int number;

  private Fd(int number, String subject) {
    this.number = number;
    this.subject = subject;
  }

  /**
   * Takes over the result of a system call.
   *
   * @param result a file descriptor or a negative error number
   * @param operation what the call was doing, in the continuous form
   * @param subject what it was done to
   * @throws SystemCallException if the result is an error number
   */
  public static Fd ofResult(long result, String operation, String subject) {
    if (result < 0) {
      throw new SystemCallException(operation, subject, (int) -result, "");
    }
    return new Fd((int) result, subject);
  }

  /**
   * The number, for a call.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized int number() {
    if (number == CLOSED) {
      throw new IllegalStateException("using " + subject + ": it is closed already");
    }
    return number;
  }

  /** Gives the number to another owner; this one counts as closed. */
  public synchronized int release() {
    int released = number();
    number = CLOSED;
    return released;
  }

  /** True until {@link #close} or {@link #release}. */
  public synchronized boolean isOpen() {
    return number != CLOSED;
  }

  @Override
  public synchronized void close() {
    if (number != CLOSED) {
      int closing = number;
      number = CLOSED;
      // The kernel frees the number whatever it answers: nothing is left to do about an error.
      Libc.close(closing);
    }
  }

  @Override
  public synchronized String toString() {
    return number == CLOSED ? subject + " (closed)" : subject + " (fd " + number + ")";
  }
}
