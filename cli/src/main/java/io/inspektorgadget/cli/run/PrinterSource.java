// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.table.Decoration;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.schema.DataSource;
import java.util.List;

/**
 * Prints events with Columns: tables fitted to the terminal, redrawn where the data source wants
 * it, their headers bold.
 */
public final class PrinterSource implements SinkSource {
  /** Cursor to the upper left corner, then clear from there to the end. */
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  @Override
  public EventSink open(List<DataSource> sources, OutputOptions options, Streams streams) {
    try {
      PrinterOptions printing =
          new PrinterOptions(
              OutputMode.parse(options.mode()),
              FieldSelection.of(options.fields()),
              new PrinterOptions.Rows(options.filters(), options.sort(), options.maxEntries()),
              screen(streams.terminal()));
      return EventPrinter.ofChosenMode(sources, printing, streams.out(), streams.err());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static PrinterOptions.Screen screen(Terminal terminal) {
    boolean isColoured = terminal.isColoured();
    Decoration decoration =
        new Decoration(
            terminal.isTerminal() ? CLEAR_SCREEN : "",
            isColoured ? BOLD : "",
            isColoured ? PLAIN : "");
    return new PrinterOptions.Screen(terminal::columns, decoration);
  }
}
