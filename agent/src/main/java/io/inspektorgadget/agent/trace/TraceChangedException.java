// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

/** A Trace is not any more what it was when it was read: it has to be read again. */
final class TraceChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TraceChangedException(String message, Throwable cause) {
    super(message, cause);
  }
}
