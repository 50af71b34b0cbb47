// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

/**
 * The command line cannot be understood: an unknown word, a missing or wrong value. The message is
 * one line that names the thing and the way out.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With that one line. */
  public UsageException(String message) {
    super(message);
  }
}
