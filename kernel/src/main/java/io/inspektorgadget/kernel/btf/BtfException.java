// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

/** Type information cannot be read; the message names the object, the place and the cause. */
public final class BtfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BtfException(String object, String cause) {
    super("reading the BTF of " + object + ": " + cause);
  }

  BtfException(String object, String cause, Throwable reason) {
    super("reading the BTF of " + object + ": " + cause, reason);
  }
}
