// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

/** A Trace cannot be performed as it is. The message is what its {@code operationError} says. */
public final class TraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the whole text for the user. */
  public TraceException(String message) {
    super(message);
  }

  /** With the whole text for the user and what led to it. */
  public TraceException(String message, Throwable cause) {
    super(message, cause);
  }
}
