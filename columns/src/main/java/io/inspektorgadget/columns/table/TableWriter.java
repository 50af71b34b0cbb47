// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.table.ColumnSpec.Alignment;
import io.inspektorgadget.columns.table.ColumnSpec.Widths;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Events as rows of a table, fitted to a width: columns share it by the rules of {@link WidthFit},
 * longer values are cut. Without a width (output that goes to a file or a pipe) columns have their
 * usual widths and nothing is cut. A stream has one header; an array source one for each batch.
 *
 * <p>Single thread; allocates nothing per event.
 */
public final class TableWriter implements EventWriter {
  private final boolean array;
  private final List<ColumnSpec> columns;
  private final List<Widths> limits = new ArrayList<>();
  private final IntSupplier tableWidth;
  private final Decoration decoration;
  private final CellText cell = new CellText();
  private final TextBuffer raw = new TextBuffer(512);
  private int[] widths;
  private boolean cut;
  private boolean inTable;

  /**
   * A writer of the given fields of a source.
   *
   * @param tableWidth cells of a line, asked before each header; 0: no limit
   */
  public TableWriter(
      DataSource source, List<FieldSpec> fields, IntSupplier tableWidth, Decoration decoration) {
    this.array = source.isArray();
    this.columns = new ArrayList<>();
    for (FieldSpec field : fields) {
      ColumnSpec column = ColumnSpec.of(field);
      columns.add(column);
      limits.add(column.widths());
    }
    this.tableWidth = tableWidth;
    boolean redraws = source.annotation("cli.clear-screen-before").equals("true");
    this.decoration =
        redraws ? decoration : new Decoration("", decoration.headerStart(), decoration.headerEnd());
    this.widths = WidthFit.usual(limits);
  }

  /** Writes the header of a stream. */
  @Override
  public void begin(TextBuffer out) {
    if (!array) {
      header(out);
    }
  }

  @Override
  public void event(EventView event, TextBuffer out) {
    if (array && !inTable) {
      header(out);
    }
    for (int i = 0; i < columns.size(); i++) {
      ColumnSpec column = columns.get(i);
      raw.clear();
      appendValue(event, column, raw);
      appendCell(i, column, out);
    }
    out.append('\n');
  }

  @Override
  public void batchEnd(TextBuffer out) {
    if (!inTable) {
      header(out);
    }
    inTable = false;
  }

  private void header(TextBuffer out) {
    int width = tableWidth.getAsInt();
    cut = width > 0;
    widths = cut ? WidthFit.fit(limits, width) : WidthFit.usual(limits);
    out.appendAscii(decoration.redraw());
    out.appendAscii(decoration.headerStart());
    for (int i = 0; i < columns.size(); i++) {
      raw.clear();
      raw.appendUtf8(columns.get(i).header());
      appendCell(i, columns.get(i), out);
    }
    out.appendAscii(decoration.headerEnd());
    out.append('\n');
    inTable = true;
  }

  private void appendCell(int index, ColumnSpec column, TextBuffer out) {
    if (index > 0) {
      out.append(' ');
    }
    int start = out.length();
    cell.append(raw, widths[index], cut, column, out);
    if (index == columns.size() - 1 && column.cell().alignment() == Alignment.LEFT) {
      // Nothing stands behind the last column, so it needs no padding.
      int end = out.length();
      while (end > start && out.array()[end - 1] == ' ') {
        end--;
      }
      out.truncate(end);
    }
  }

  private static void appendValue(EventView event, ColumnSpec column, TextBuffer out) {
    FieldSpec field = column.field();
    if (column.cell().hex() && field.type().isNumeric() && !field.type().isFloat()) {
      if (event.isPresent(field.index())) {
        out.appendAscii("0x");
        out.appendHex(RawText.unsigned(field.type(), event.longAt(field.index())));
      }
      return;
    }
    RawText.append(event, field, column.cell().precision(), out);
  }
}
