// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

/**
 * Control sequences that the caller wants around parts of a table; empty where it goes to no
 * terminal.
 *
 * @param redraw written before each table of a source that is shown anew at each interval, such as
 *     the sequence that clears a screen
 * @param headerStart written before a header
 * @param headerEnd written after a header, before its line end
 */
public record Decoration(String redraw, String headerStart, String headerEnd) {
  /** No control sequences. */
  public static final Decoration NONE = new Decoration("", "", "");
}
