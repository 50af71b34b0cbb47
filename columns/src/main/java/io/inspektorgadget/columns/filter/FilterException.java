// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.filter;

/** A filter that cannot be understood, or that asks of a field what it cannot answer. */
public final class FilterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A message in the form {@code reading the filter "…": what is wrong; what to write}. */
  public FilterException(String message) {
    super(message);
  }
}
