// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.filter.EventFilter;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.histogram.HistogramWriter;
import io.inspektorgadget.columns.json.JsonWriter;
import io.inspektorgadget.columns.sort.EventOrder;
import io.inspektorgadget.columns.table.ColumnSpec;
import io.inspektorgadget.columns.table.TableWriter;
import io.inspektorgadget.columns.table.TreeWriter;
import io.inspektorgadget.columns.yaml.YamlWriter;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of one data source's events: filter, then hold and order if asked for, then format. */
final class SourcePrinter {
  private final DataSource source;
  private final OutputMode mode;
  private final @Nullable EventWriter writer;
  private final @Nullable EventFilter filter;
  private final @Nullable EventOrder order;
  private final int entriesMax;
  private final List<EventView> held = new ArrayList<>();
  private boolean inBatch;

  /**
   * Makes everything ready for a source.
   *
   * @throws IllegalArgumentException if fields, order or mode do not suit the source
   */
  SourcePrinter(DataSource source, PrinterOptions options, @Nullable EventFilter filter) {
    this.source = source;
    this.filter = filter;
    this.mode = options.mode() == OutputMode.USUAL ? usualMode(source) : options.mode();
    this.writer = writer(source, mode, options);
    this.order = order(source, options.rows().sort());
    this.entriesMax = source.isArray() ? options.rows().entriesMax() : -1;
  }

  private static OutputMode usualMode(DataSource source) {
    String own = source.annotation("cli.default-output-mode");
    if (OutputMode.NAMES.contains(own)) {
      return OutputMode.parse(own);
    }
    if (HistogramWriter.suits(source) && OutputMode.HISTOGRAM.suits(source)) {
      return OutputMode.HISTOGRAM;
    }
    return OutputMode.COLUMNS.suits(source)
        ? OutputMode.COLUMNS
        : OutputMode.parse(OutputMode.namesFor(source).getFirst());
  }

  private static @Nullable EventOrder order(DataSource source, String wanted) {
    if (!source.isArray()) {
      if (wanted.isEmpty()) {
        return null;
      }
      throw new IllegalArgumentException(
          "sorting by "
              + wanted
              + ": events of "
              + source.name()
              + " come one by one and have no order; only snapshots and intervals can be sorted");
    }
    String text = wanted.isEmpty() ? source.annotation("sort") : wanted;
    return text.isEmpty() ? null : EventOrder.parse(text, source);
  }

  private static @Nullable EventWriter writer(
      DataSource source, OutputMode mode, PrinterOptions options) {
    FieldSelection fields = options.fields();
    List<FieldSpec> all = source.schema().fields();
    if (mode.isJson()) {
      boolean pretty = mode == OutputMode.JSON_PRETTY;
      return new JsonWriter(source, fields.apply(source, all), pretty);
    }
    if (mode == OutputMode.YAML) {
      return new YamlWriter(source, fields.apply(source, all));
    }
    List<FieldSpec> shown = fields.apply(source, ColumnSpec.usualFields(source.schema()));
    if (mode == OutputMode.HISTOGRAM) {
      return new HistogramWriter(source, shown);
    }
    PrinterOptions.Screen screen = options.screen();
    if (mode == OutputMode.TREE) {
      return new TreeWriter(source, shown, screen.width(), screen.decoration());
    }
    return mode == OutputMode.NONE
        ? null
        : new TableWriter(source, shown, screen.width(), screen.decoration());
  }

  DataSource source() {
    return source;
  }

  OutputMode mode() {
    return mode;
  }

  void begin(TextBuffer out) {
    if (writer != null) {
      writer.begin(out);
    }
  }

  /** True if the event is to be shown. */
  boolean accepts(EventView event) {
    return writer != null && (filter == null || filter.test(event));
  }

  /** Takes an accepted event. */
  void event(EventView event, TextBuffer out) {
    if (writer == null) {
      return;
    }
    inBatch = true;
    if (order != null || entriesMax >= 0) {
      held.add(event.detached());
    } else {
      writer.event(event, out);
    }
  }

  void batchEnd(TextBuffer out) {
    if (writer == null || !source.isArray()) {
      return;
    }
    if (order != null) {
      held.sort(order);
    }
    int count = entriesMax < 0 ? held.size() : Math.min(entriesMax, held.size());
    for (int i = 0; i < count; i++) {
      writer.event(held.get(i), out);
    }
    held.clear();
    writer.batchEnd(out);
    inBatch = false;
  }

  /** Completes a batch that has begun and that the run did not end. */
  void finish(TextBuffer out) {
    if (inBatch) {
      batchEnd(out);
    }
  }
}
