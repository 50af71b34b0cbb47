// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

/**
 * A gadget that cannot be run as it was asked for. The message says what was being done, to what,
 * why it did not work and what to do; it is meant for the user.
 */
public final class GadgetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its message. */
  public GadgetException(String message) {
    super(message);
  }

  /** An error with its message and its cause. */
  public GadgetException(String message, Throwable cause) {
    super(message, cause);
  }
}
