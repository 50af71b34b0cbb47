// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.table.ColumnSpec.Widths;
import java.util.List;

/** Shares the width of a terminal among columns. */
final class WidthFit {
  private WidthFit() {}

  /** The usual widths, for a table that nothing limits. */
  static int[] usual(List<Widths> columns) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).usual();
    }
    return widths;
  }

  /**
   * Widths that fill the table's width exactly, one cell between two columns, in proportion to the
   * usual widths and within each column's limits. A table that is narrower than the smallest widths
   * need gets those, and its lines are longer than it is wide. If all columns reach their limits
   * the table stays narrower.
   *
   * @param tableWidth cells of a line
   */
  static int[] fit(List<Widths> columns, int tableWidth) {
    int[] widths = new int[columns.size()];
    boolean[] settled = new boolean[columns.size()];
    int room = Math.max(0, tableWidth - Math.max(0, columns.size() - 1));
    int smallest = 0;
    for (int i = 0; i < widths.length; i++) {
      Widths column = columns.get(i);
      settled[i] = column.fixed();
      widths[i] = column.usual();
      smallest += column.fixed() ? column.usual() : column.min();
    }
    room = Math.max(room, smallest);
    boolean clamped = true;
    while (clamped) {
      clamped = share(columns, widths, settled, room);
    }
    int rest = room;
    for (int width : widths) {
      rest -= width;
    }
    handOutRest(columns, widths, settled, rest);
    return widths;
  }

  /**
   * Shares what the settled columns leave among the others. Columns beyond a limit are settled
   * there: those below their minimum first, since only they can take from the others.
   *
   * @return true if a column was settled, so that the rest must be shared again
   */
  private static boolean share(
      List<Widths> columns, int[] widths, boolean[] settled, int tableRoom) {
    int room = tableRoom;
    long weight = 0;
    for (int i = 0; i < widths.length; i++) {
      if (settled[i]) {
        room -= widths[i];
      } else {
        weight += columns.get(i).usual();
      }
    }
    boolean belowMin = false;
    boolean aboveMax = false;
    for (int i = 0; i < widths.length; i++) {
      if (!settled[i]) {
        widths[i] = (int) (Math.max(0, room) * (long) columns.get(i).usual() / weight);
        belowMin |= widths[i] < columns.get(i).min();
        aboveMax |= widths[i] > columns.get(i).max();
      }
    }
    for (int i = 0; i < widths.length; i++) {
      Widths column = columns.get(i);
      boolean beyond = belowMin ? widths[i] < column.min() : widths[i] > column.max();
      if (!settled[i] && beyond) {
        settled[i] = true;
        widths[i] = belowMin ? column.min() : column.max();
      }
    }
    return belowMin || aboveMax;
  }

  /** What rounding left over goes to the unsettled columns, a cell each from left to right. */
  private static void handOutRest(List<Widths> columns, int[] widths, boolean[] settled, int rest) {
    int left = rest;
    boolean given = true;
    while (left > 0 && given) {
      given = false;
      for (int i = 0; i < widths.length && left > 0; i++) {
        if (!settled[i] && widths[i] < columns.get(i).max()) {
          widths[i]++;
          left--;
          given = true;
        }
      }
    }
  }
}
