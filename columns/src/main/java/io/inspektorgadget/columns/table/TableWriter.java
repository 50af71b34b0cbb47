// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.table.ColumnSpec.CellStyle;
import io.inspektorgadget.columns.table.ColumnSpec.Widths;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

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
    this(columns(fields, source.schema()), source, tableWidth, decoration);
  }

  TableWriter(
      List<ColumnSpec> columns, DataSource source, IntSupplier tableWidth, Decoration decoration) {
    this.array = source.isArray();
    this.columns = columns;
    for (ColumnSpec column : columns) {
      limits.add(column.widths());
    }
    this.tableWidth = tableWidth;
    boolean redraws = source.annotation("cli.clear-screen-before").equals("true");
    this.decoration =
        redraws ? decoration : new Decoration("", decoration.headerStart(), decoration.headerEnd());
    this.widths = WidthFit.usual(limits);
  }

  private static List<ColumnSpec> columns(List<FieldSpec> fields, EventSchema schema) {
    List<ColumnSpec> columns = new ArrayList<>();
    for (FieldSpec field : fields) {
      columns.add(ColumnSpec.of(field, schema));
    }
    return columns;
  }

  /**
   * Writes what can be shown before the first event: the header, if the table grows or is redrawn.
   */
  @Override
  public void begin(TextBuffer out) {
    if (!array || !decoration.redraw().isEmpty()) {
      header(out);
    }
    inTable = false;
  }

  @Override
  public void event(EventView event, TextBuffer out) {
    row(event, null, out);
  }

  /**
   * Writes one event with a text before the value of its last column.
   *
   * @param branch safe text that stands before the value of the last column, or null
   */
  void row(EventView event, @Nullable TextBuffer branch, TextBuffer out) {
    if (array && !inTable) {
      header(out);
    }
    int start = out.length();
    int last = columns.size() - 1;
    for (int i = 0; i <= last; i++) {
      raw.clear();
      if (i == last && branch != null) {
        raw.append(branch.array(), 0, branch.length());
      }
      appendValue(event, columns.get(i), raw);
      appendCell(i, columns.get(i).cell(), out);
    }
    endLine(start, out);
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
    int start = out.length();
    for (int i = 0; i < columns.size(); i++) {
      raw.clear();
      raw.appendUtf8(columns.get(i).header());
      appendCell(i, columns.get(i).headerStyle(), out);
    }
    endLine(start, out);
    out.appendAscii(decoration.headerEnd());
    out.append('\n');
    inTable = true;
  }

  private void appendCell(int index, CellStyle style, TextBuffer out) {
    if (index > 0) {
      out.append(' ');
    }
    cell.append(raw, widths[index], cut, style, out);
  }

  /** Takes the padding away that nothing stands behind. */
  private static void endLine(int start, TextBuffer out) {
    int end = out.length();
    while (end > start && out.array()[end - 1] == ' ') {
      end--;
    }
    out.truncate(end);
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
