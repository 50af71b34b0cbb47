// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Objects;

/** A sink without Columns: prints some fields of every event, one line each. */
record FieldLines(List<String> fieldNames) implements EventSink {
  @Override
  public void opened(DataSource source) {
    fieldNames.forEach(name -> field(source, name));
  }

  @Override
  public void event(EventView event) {
    StringBuilder line = new StringBuilder();
    for (String name : fieldNames) {
      FieldSpec field = field(event.source(), name);
      if (event.isPresent(field.index())) {
        line.append(name).append('=').append(value(event, field)).append(' ');
      }
    }
    System.out.println(line.toString().strip());
  }

  private static FieldSpec field(DataSource source, String name) {
    return Objects.requireNonNull(source.schema().field(name), "there is no field " + name);
  }

  private static String value(EventView event, FieldSpec field) {
    if (field.type() != FieldType.STRING) {
      return Long.toString(event.longAt(field.index()));
    }
    TextBuffer text = new TextBuffer(64);
    event.textAt(field.index(), text);
    // A file may be named to command a terminal.
    return text.toString().replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void batchEnd(DataSource source) {
    System.out.flush();
  }

  @Override
  public void loss(LossReport loss) {
    System.err.println("lost " + loss.count() + " events at " + loss.stage());
  }

  @Override
  public void warning(String message) {
    System.err.println(message);
  }

  @Override
  public void ended(EndCause cause) {
    if (cause instanceof EndCause.Failed failed) {
      System.err.println(failed.cause().getMessage());
    }
  }
}
