// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

/**
 * Where whole lines that are no events go, such as standard error. Single thread: the run's event
 * loop. Lines come without a line end and are already safe for a terminal.
 */
public interface MessageSink {

  /** Something that the user should know. */
  void warning(String line);

  /**
   * Events were lost: a sentence, or in the JSON modes one JSON object with the key {@code loss}
   * (at once) or {@code losses} (all of them, at the end).
   */
  void loss(String line);
}
