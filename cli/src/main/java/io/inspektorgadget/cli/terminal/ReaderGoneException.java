// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import java.io.IOException;

/**
 * Whoever read standard output has closed it, like {@code head} after its last line. No error: the
 * program ends without a word.
 */
public final class ReaderGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what the write said. */
  public ReaderGoneException(IOException cause) {
    super("writing to standard output: nobody reads it any more", cause);
  }

  /** True if this is why the failure happened: it or one of its causes is of this class. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ReaderGoneException) {
        return true;
      }
    }
    return false;
  }
}
