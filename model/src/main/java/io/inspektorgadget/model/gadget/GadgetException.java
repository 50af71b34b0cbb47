// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

/**
 * A gadget cannot be read or run as asked. The message is one or more lines for the user: what was
 * being done, to what, why it did not work, and what to do.
 */
public final class GadgetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a whole message. */
  public GadgetException(String message) {
    super(message);
  }

  /** With a whole message and what led to it. */
  public GadgetException(String message, Throwable cause) {
    super(message, cause);
  }
}
