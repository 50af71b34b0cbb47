// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.table.Decoration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What a user wants to see of a run, and how.
 *
 * @param mode how events are shown
 * @param fields which fields are shown
 * @param rows which events are shown, and in which order
 * @param screen what they are shown on
 */
public record PrinterOptions(OutputMode mode, FieldSelection fields, Rows rows, Screen screen) {

  /** Everything as the data source has it, for a reader that is no terminal. */
  public static final PrinterOptions USUAL =
      new PrinterOptions(OutputMode.USUAL, FieldSelection.USUAL, Rows.ALL, Screen.NONE);

  /**
   * Which events, in which order.
   *
   * @param filters filters as the user wrote them, which must all hold
   * @param sort order of the rows of a batch, such as {@code -reads,comm}; empty: what the data
   *     source's annotation {@code sort} says
   * @param entriesMax rows of a batch that are shown at most; negative: all
   */
  public record Rows(List<String> filters, String sort, int entriesMax) {
    /** All, in the usual order. */
    public static final Rows ALL = new Rows(List.of(), "", -1);

    public Rows {
      filters = List.copyOf(filters);
    }
  }

  /**
   * What events are shown on.
   *
   * @param width cells of a line, asked before each header; 0: no limit
   * @param decoration control sequences around parts of a table
   */
  public record Screen(IntSupplier width, Decoration decoration) {
    /** Not a terminal. */
    public static final Screen NONE = new Screen(new NoLimit(), Decoration.NONE);
  }

  /** The same with another mode. */
  public PrinterOptions withMode(OutputMode other) {
    return new PrinterOptions(other, fields, rows, screen);
  }

  /** The same with other fields. */
  public PrinterOptions withFields(FieldSelection other) {
    return new PrinterOptions(mode, other, rows, screen);
  }

  /** The same with other rows. */
  public PrinterOptions withRows(Rows other) {
    return new PrinterOptions(mode, fields, other, screen);
  }

  /** The same on another screen. */
  public PrinterOptions withScreen(Screen other) {
    return new PrinterOptions(mode, fields, rows, other);
  }

  private record NoLimit() implements IntSupplier {
    @Override
    public int getAsInt() {
      return 0;
    }
  }
}
