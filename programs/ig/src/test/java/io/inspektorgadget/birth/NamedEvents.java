// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.birth;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps the texts of every event, by the names of their fields. Safe for concurrent use. */
final class NamedEvents implements EventSink {
  private final Queue<Map<String, String>> events = new ConcurrentLinkedQueue<>();

  List<Map<String, String>> all() {
    return List.copyOf(events);
  }

  @Override
  public void opened(DataSource source) {}

  @Override
  public void event(EventView view) {
    Map<String, String> texts = new HashMap<>();
    TextBuffer text = new TextBuffer(64);
    for (FieldSpec field : view.source().schema().fields()) {
      int index = field.index();
      text.clear();
      if (view.isPresent(index) && field.type() == FieldType.STRING) {
        view.textAt(index, text);
        texts.put(field.name(), text.toString());
      } else if (view.isPresent(index) && field.type() == FieldType.STRING_LIST) {
        for (int i = 0; i < view.elementCount(index); i++) {
          view.elementAt(index, i, text);
        }
        texts.put(field.name(), text.toString());
      }
    }
    events.add(texts);
  }

  @Override
  public void batchEnd(DataSource source) {}

  @Override
  public void loss(LossReport loss) {
    events.add(Map.of("loss", loss.toString()));
  }

  @Override
  public void warning(String message) {
    events.add(Map.of("warning", message));
  }

  @Override
  public void ended(EndCause cause) {}
}
