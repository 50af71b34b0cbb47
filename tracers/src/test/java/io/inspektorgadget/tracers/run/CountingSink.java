// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads every field of every event, and counts. Allocates nothing per event. One thread. */
final class CountingSink implements EventSink {
  final List<LossReport> losses = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();
  private final TextBuffer text = new TextBuffer(4_096);
  private @Nullable FieldType[] types = {};
  long events;
  long batches;
  long textBytes;
  long sum;
  @Nullable EndCause cause;

  /** The texts of the last event, one after the other; of a list without anything between. */
  String lastText() {
    return text.toString();
  }

  @Override
  public void opened(DataSource source) {
    types = new @Nullable FieldType[source.schema().fields().size()];
    source.schema().fields().forEach(field -> types[field.index()] = field.type());
  }

  @Override
  public void event(EventView event) {
    events++;
    text.clear();
    for (int field = 0; field < types.length; field++) {
      FieldType type = types[field];
      if (type == null || !event.isPresent(field)) {
        continue;
      }
      if (type == FieldType.STRING_LIST) {
        int count = event.elementCount(field);
        for (int element = 0; element < count; element++) {
          event.elementAt(field, element, text);
        }
      } else if (type.isFloat()) {
        sum += (long) event.doubleAt(field);
      } else if (type.isNumeric()) {
        sum += event.longAt(field);
      } else {
        event.textAt(field, text);
        text.append(' ');
      }
    }
    textBytes += text.length();
  }

  @Override
  public void batchEnd(DataSource source) {
    batches++;
  }

  @Override
  public void loss(LossReport loss) {
    losses.add(loss);
  }

  @Override
  public void warning(String message) {
    warnings.add(message);
  }

  @Override
  public void ended(EndCause end) {
    cause = end;
  }
}
