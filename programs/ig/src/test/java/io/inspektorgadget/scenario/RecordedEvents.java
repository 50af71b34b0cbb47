// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A sink that keeps every event as texts by field name. Safe for concurrent use. */
final class RecordedEvents implements EventSink {
  private final List<Map<String, String>> events = new ArrayList<>();
  private final List<LossReport> losses = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  synchronized List<Map<String, String>> events() {
    return List.copyOf(events);
  }

  synchronized List<LossReport> losses() {
    return List.copyOf(losses);
  }

  synchronized List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void opened(DataSource source) {}

  @Override
  public synchronized void event(EventView view) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (FieldSpec field : view.source().schema().fields()) {
      if (view.isPresent(field.index())) {
        texts.put(field.name(), text(view, field));
      }
    }
    events.add(texts);
  }

  private static String text(EventView view, FieldSpec field) {
    if (field.type() == FieldType.STRING_LIST || field.type() == FieldType.HISTOGRAM) {
      StringJoiner elements = new StringJoiner(" ");
      for (int i = 0; i < view.elementCount(field.index()); i++) {
        elements.add(
            field.type() == FieldType.HISTOGRAM
                ? Long.toString(view.slotAt(field.index(), i))
                : element(view, field, i));
      }
      return elements.toString();
    }
    if (field.type() == FieldType.BOOL) {
      return Boolean.toString(view.longAt(field.index()) != 0);
    }
    if (field.type().isFloat()) {
      return Double.toString(view.doubleAt(field.index()));
    }
    if (field.type().isNumeric()) {
      long value = view.longAt(field.index());
      return field.type().isUnsigned() ? Long.toUnsignedString(value) : Long.toString(value);
    }
    TextBuffer buffer = new TextBuffer(64);
    view.textAt(field.index(), buffer);
    return buffer.toString();
  }

  private static String element(EventView view, FieldSpec field, int element) {
    TextBuffer buffer = new TextBuffer(64);
    view.elementAt(field.index(), element, buffer);
    return buffer.toString();
  }

  @Override
  public void batchEnd(DataSource source) {}

  @Override
  public synchronized void loss(LossReport loss) {
    losses.add(loss);
  }

  @Override
  public synchronized void warning(String message) {
    warnings.add(message);
  }

  @Override
  public void ended(EndCause cause) {}
}
