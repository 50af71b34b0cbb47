// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordBytes;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;

/** What formatters make of one number, which is field 0. */
final class Formatted {
  private Formatted() {}

  static String number(FieldFormatter formatter, long value) {
    return text(formatter, numberView(value));
  }

  static RecordView numberView(long value) {
    RecordView view = new SourceDraft().number("n", FieldType.INT64, "", 0).view();
    return new RecordBytes(Long.BYTES).longAt(0, value).on(view);
  }

  static String text(FieldFormatter formatter, RecordView view) {
    TextBuffer out = new TextBuffer(1);
    out.append('<');
    formatter.format(view, out);
    String text = out.toString();
    // What stands in the buffer already stays there.
    if (!text.startsWith("<")) {
      throw new IllegalStateException("the formatter overwrote the buffer: " + text);
    }
    return text.substring(1);
  }
}
