// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.table.Decoration;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.schema.DataSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Prints events into memory, as a run would. */
final class Printed implements ByteSink, MessageSink {
  final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  final List<String> warnings = new ArrayList<>();
  final List<String> losses = new ArrayList<>();
  int flushes;

  @Override
  public void write(byte[] array, int offset, int length) {
    bytes.write(array, offset, length);
  }

  @Override
  public void flush() {
    flushes++;
  }

  @Override
  public void warning(String line) {
    warnings.add(line);
  }

  @Override
  public void loss(String line) {
    losses.add(line);
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static PrinterOptions options(OutputMode mode) {
    return PrinterOptions.USUAL.withMode(mode);
  }

  static PrinterOptions columns(int width) {
    return options(OutputMode.COLUMNS)
        .withScreen(new PrinterOptions.Screen(() -> width, Decoration.NONE));
  }

  static PrinterOptions fields(OutputMode mode, String fields) {
    return options(mode).withFields(FieldSelection.of(fields));
  }

  /** What one batch of events of one source looks like. */
  static String of(DataSource source, PrinterOptions options, FakeEvent... events) {
    Printed printed = new Printed();
    EventPrinter printer = new EventPrinter(List.of(source), options, printed, printed);
    printer.opened(source);
    for (FakeEvent event : events) {
      printer.event(event);
    }
    printer.batchEnd(source);
    printer.ended(new EndCause.Stopped());
    return printed.text();
  }
}
