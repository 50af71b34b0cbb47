// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/**
 * A call into the kernel, or into a native library, that did not succeed. The message reads {@code
 * operation subject: ERRNO (detail)}.
 */
public class SystemCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String subject;
  private final int errno;

  /**
   * Describes one failed call.
   *
   * @param operation what was being done, in the continuous form: {@code attaching}
   * @param subject to what: {@code kprobe/inet_bind}
   * @param errno the positive error number, 0 where none belongs to it
   * @param detail why, and what to do; empty if the error number says it all
   */
  public SystemCallException(String operation, String subject, int errno, String detail) {
    super(text(operation, subject, errno, detail));
    this.operation = operation;
    this.subject = subject;
    this.errno = errno;
  }

  private static String text(String operation, String subject, int errno, String detail) {
    StringBuilder text = new StringBuilder(operation);
    if (!subject.isEmpty()) {
      text.append(' ').append(subject);
    }
    text.append(": ");
    if (errno == 0) {
      return text.append(detail).toString();
    }
    text.append(Errno.name(errno));
    return detail.isEmpty() ? text.toString() : text.append(" (" + detail + ")").toString();
  }

  /** What was being done, in the continuous form. */
  public final String operation() {
    return operation;
  }

  /** What it was done to. */
  public final String subject() {
    return subject;
  }

  /** The positive error number; 0 where none belongs to it. */
  public final int errno() {
    return errno;
  }
}
