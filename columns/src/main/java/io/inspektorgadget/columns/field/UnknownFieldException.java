// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.field;

/** A user named a field that the data source does not have; the message suggests one. */
public final class UnknownFieldException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A message in the form {@code doing: what is wrong; did you mean x?}. */
  public UnknownFieldException(String message) {
    super(message);
  }
}
