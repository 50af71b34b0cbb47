// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Clears the terminal before each table of a source that wants it, so that the tables of a {@code
 * top} stand still. Passes everything on to the sink that prints. Single thread, as every sink.
 */
final class RedrawingSink implements EventSink {
  private static final String CLEARS = "cli.clear-screen-before";

  /** Cursor to the upper left corner, then clear from there to the end. */
  private static final byte[] CLEAR_SCREEN = "\u001b[H\u001b[2J".getBytes(StandardCharsets.US_ASCII);

  private final EventSink printer;
  private final ByteSink out;

  /**
   * A sink before another one.
   *
   * @param printer prints
   * @param out where it prints to, a terminal
   */
  RedrawingSink(EventSink printer, ByteSink out) {
    this.printer = printer;
    this.out = out;
  }

  @Override
  public void opened(DataSource source) {
    printer.opened(source);
  }

  @Override
  public void event(EventView event) {
    printer.event(event);
  }

  @Override
  public void batchEnd(DataSource source) {
    if (source.isArray() && source.annotation(CLEARS).equals("true")) {
      try {
        out.write(CLEAR_SCREEN, 0, CLEAR_SCREEN.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    printer.batchEnd(source);
  }

  @Override
  public void loss(LossReport loss) {
    printer.loss(loss);
  }

  @Override
  public void warning(String message) {
    printer.warning(message);
  }

  @Override
  public void ended(EndCause cause) {
    printer.ended(cause);
  }
}
