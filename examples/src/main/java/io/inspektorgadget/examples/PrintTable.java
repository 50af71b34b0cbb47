// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Map;

/**
 * Columns alone: a schema made by hand, three events of it, filtered and sorted, as a table and as
 * JSON. Needs neither Linux nor root.
 */
public final class PrintTable {
  private static final DataSource PLANETS =
      new DataSource(
          "planets",
          DataSource.Kind.SNAPSHOT,
          new EventSchema(
              List.of(
                  field(0, "name", FieldType.STRING, Map.of("columns.width", "12")),
                  field(1, "moons", FieldType.UINT32, Map.of("columns.alignment", "right")),
                  field(2, "radius_km", FieldType.FLOAT64, Map.of("columns.precision", "1")))),
          Map.of());

  private PrintTable() {}

  private static FieldSpec field(int index, String name, FieldType type, Map<String, String> how) {
    return new FieldSpec(index, name, type, "", new FieldOrigin.Computed("", -1, ""), how);
  }

  /** Prints the table, then the JSON. */
  public static void main(String[] args) {
    for (OutputMode mode : List.of(OutputMode.COLUMNS, OutputMode.JSON)) {
      Rows rows = new Rows(List.of("moons>0"), "-moons", -1);
      PrinterOptions options = PrinterOptions.USUAL.withMode(mode).withRows(rows);
      StandardStreams streams = new StandardStreams();
      EventPrinter printer = new EventPrinter(List.of(PLANETS), options, streams, streams);
      printer.opened(PLANETS);
      printer.event(new Row(PLANETS, List.of("Venus", 0, 6051.8)));
      printer.event(new Row(PLANETS, List.of("Earth", 1, 6371.0)));
      printer.event(new Row(PLANETS, List.of("Mars\u001b[2J", 2, 3389.5)));
      printer.batchEnd(PLANETS);
      printer.ended(new EndCause.Completed());
    }
  }
}
