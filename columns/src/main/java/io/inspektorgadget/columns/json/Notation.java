// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

/**
 * How groups and keys are written, asked once for each when a plan is made. A depth is 0 for the
 * keys of an event that stands alone.
 */
public interface Notation {

  /**
   * Before the value of a field: a separator from what stands before it, indentation and the name.
   */
  byte[] key(String name, int depth);

  /** Before the first key of a group: a separator, indentation, the name, an opening bracket. */
  byte[] open(String name, int depth);

  /** After the last key of a group whose name stands at this depth. */
  byte[] close(int depth);

  /** Leading bytes of {@link #key} and {@link #open} that the first in a group leaves out. */
  int separatorSizeBytes();

  /** True if texts that need no quotes get none. */
  boolean allowsPlainText();
}
