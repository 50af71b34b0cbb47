// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.table.ColumnSpec.Widths;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a snapshot as a tree: a table whose last column is the command, each child below
 * its parent. A process whose parent is not among the rows begins a tree of its own; further
 * threads of a process stand below it. Siblings keep the order in which they came.
 *
 * <p>Single thread. Holds the rows of a batch, so it allocates.
 */
public final class TreeWriter implements EventWriter {
  private static final String PARENT_MARK = "formatters.tree.parent";
  private static final int COMMAND_WIDTH_MIN = 16;

  /** Deeper branches are drawn as deep as this, so that a chain of forks cannot fill the disk. */
  private static final int DRAWN_DEPTH_MAX = 40;

  private final TableWriter table;
  private final FieldSpec pid;
  private final FieldSpec parentPid;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A writer of the given fields of a source; the command is added if it is not among them.
   *
   * @param tableWidth cells of a line, asked before each header; 0: no limit
   * @throws IllegalArgumentException if the source's events do not tell process and parent, or are
   *     no snapshot
   */
  public TreeWriter(
      DataSource source, List<FieldSpec> fields, IntSupplier tableWidth, Decoration decoration) {
    EventSchema schema = source.schema();
    FieldSpec parent = parentField(schema);
    FieldSpec own = ownField(schema, parent);
    FieldSpec command = first(schema, "gadget_comm", "proc.comm", "comm");
    if (own == null || parent == null || command == null || !source.isArray()) {
      throw new IllegalArgumentException(
          "showing "
              + source.name()
              + " as a tree: a tree needs a snapshot of processes with pid, parent pid and comm;"
              + " choose another output mode");
    }
    this.pid = own;
    this.parentPid = parent;
    List<ColumnSpec> columns = new ArrayList<>();
    for (FieldSpec field : fields) {
      if (!field.equals(command)) {
        columns.add(ColumnSpec.of(field, schema));
      }
    }
    ColumnSpec column = ColumnSpec.of(command, schema);
    int min = Math.max(COMMAND_WIDTH_MIN, column.widths().min());
    Widths wide = new Widths(2 * min, min, Integer.MAX_VALUE, false);
    columns.add(new ColumnSpec(column.field(), column.header(), wide, column.cell()));
    this.table = new TableWriter(columns, source, tableWidth, decoration);
  }

  /** The field that the annotation {@code formatters.tree.parent} marks, or the usual one. */
  private static @Nullable FieldSpec parentField(EventSchema schema) {
    for (FieldSpec field : schema.fields()) {
      if (!field.annotation(PARENT_MARK).isEmpty()) {
        return field;
      }
    }
    return first(schema, "gadget_ppid", "proc.parent.pid", "parent.pid", "ppid");
  }

  /** The field that the parent's annotation names, or the usual one. */
  private static @Nullable FieldSpec ownField(EventSchema schema, @Nullable FieldSpec parent) {
    FieldSpec named = parent == null ? null : schema.field(parent.annotation(PARENT_MARK));
    return named == null ? first(schema, "gadget_pid", "proc.pid", "pid") : named;
  }

  private static @Nullable FieldSpec first(EventSchema schema, String semantics, String... names) {
    FieldSpec field = schema.fieldBySemantics(semantics);
    for (int i = 0; i < names.length && field == null; i++) {
      field = schema.field(names[i]);
    }
    return field;
  }

  @Override
  public void begin(TextBuffer out) {}

  @Override
  public void event(EventView event, TextBuffer out) {
    rows.add(new Row(event.detached()));
  }

  @Override
  public void batchEnd(TextBuffer out) {
    List<Row> roots = connect();
    for (Row root : roots) {
      write(root, out);
    }
    // A ring of parents, as reused pids can make it, hangs on no root.
    for (Row row : rows) {
      if (!row.written) {
        write(row, out);
      }
    }
    rows.clear();
    table.batchEnd(out);
  }

  private List<Row> connect() {
    Map<Long, Row> leaders = new HashMap<>();
    for (Row row : rows) {
      leaders.putIfAbsent(row.event.longAt(pid.index()), row);
    }
    List<Row> roots = new ArrayList<>();
    for (Row row : rows) {
      Row leader = leaders.get(row.event.longAt(pid.index()));
      Row above = leader == row ? leaders.get(row.event.longAt(parentPid.index())) : leader;
      if (above == null || above == row) {
        roots.add(row);
      } else {
        above.children.add(row);
      }
    }
    return roots;
  }

  private void write(Row root, TextBuffer out) {
    Deque<Row> pending = new ArrayDeque<>();
    pending.push(root);
    TextBuffer branch = new TextBuffer(256);
    while (!pending.isEmpty()) {
      Row row = pending.pop();
      if (row.written) {
        continue;
      }
      row.written = true;
      branch.clear();
      branch.appendUtf8(row.indent);
      branch.appendUtf8(row.joint);
      table.row(row.event, branch, out);
      String below = row.indent.concat(row.below);
      for (int i = row.children.size() - 1; i >= 0; i--) {
        Row child = row.children.get(i);
        boolean last = i == row.children.size() - 1;
        boolean tooDeep = row.depth >= DRAWN_DEPTH_MAX;
        child.depth = row.depth + 1;
        child.indent = tooDeep ? row.indent : below;
        child.joint = last ? "└─ " : "├─ ";
        child.below = last ? "   " : "│  ";
        pending.push(child);
      }
    }
  }

  private static final class Row {
    final EventView event;
    final List<Row> children = new ArrayList<>();
    boolean written;
    int depth;
    String indent = "";
    String joint = "";
    String below = "";

    Row(EventView event) {
      this.event = event;
    }
  }
}
