// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps the first events as texts and counts all. Safe for concurrent use. */
class RecordingSink implements EventSink {
  private static final int KEPT_MAX = 1_000;

  private final List<Map<String, String>> kept = new ArrayList<>();
  private final List<LossReport> losses = new ArrayList<>();
  private final AtomicLong events = new AtomicLong();
  private @Nullable EndCause cause;

  long events() {
    return events.get();
  }

  synchronized List<Map<String, String>> kept() {
    return List.copyOf(kept);
  }

  synchronized List<LossReport> losses() {
    return List.copyOf(losses);
  }

  synchronized @Nullable EndCause cause() {
    return cause;
  }

  @Override
  public void opened(DataSource source) {}

  @Override
  public void event(EventView view) {
    if (events.incrementAndGet() > KEPT_MAX) {
      return;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (FieldSpec field : view.source().schema().fields()) {
      if (view.isPresent(field.index())) {
        texts.put(field.name(), text(view, field));
      }
    }
    synchronized (this) {
      kept.add(texts);
    }
  }

  private static String text(EventView view, FieldSpec field) {
    if (field.type().isNumeric()) {
      return Long.toString(view.longAt(field.index()));
    }
    TextBuffer buffer = new TextBuffer(64);
    view.textAt(field.index(), buffer);
    return buffer.toString();
  }

  @Override
  public void batchEnd(DataSource source) {}

  @Override
  public synchronized void loss(LossReport loss) {
    losses.add(loss);
  }

  @Override
  public void warning(String message) {}

  @Override
  public synchronized void ended(EndCause end) {
    cause = end;
  }
}
