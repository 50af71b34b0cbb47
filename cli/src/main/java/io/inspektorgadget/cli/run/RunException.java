// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import org.jspecify.annotations.Nullable;

/**
 * A run cannot begin or go on. The message is one line for the user; the details (a verifier's
 * whole log, say) are shown with {@code --verbose}.
 */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String details;

  /** With one line. */
  public RunException(String message) {
    this(message, "", null);
  }

  /** With one line, what only some want to read, and what lies behind it. */
  public RunException(String message, String details, @Nullable Throwable cause) {
    super(message, cause);
    this.details = details;
  }

  /** What only some want to read; may be empty or many lines. */
  public String details() {
    return details;
  }
}
