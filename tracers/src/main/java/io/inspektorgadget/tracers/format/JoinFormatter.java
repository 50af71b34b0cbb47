// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.nio.charset.StandardCharsets;

/** The elements of a list in one text, with a separator between them. */
final class JoinFormatter implements FieldFormatter {
  private final int source;
  private final byte[] separator;

  JoinFormatter(int source, String separator) {
    this.source = source;
    this.separator = separator.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    int count = view.elementCount(source);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(separator);
      }
      view.elementAt(source, i, out);
    }
  }
}
