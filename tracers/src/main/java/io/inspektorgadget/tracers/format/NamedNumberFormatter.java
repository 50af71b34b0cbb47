// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number by its name: errors, signals, system calls, enumerations. Small numbers are looked up in
 * an array, so nothing is boxed on the way of an event; large ones in a map.
 */
final class NamedNumberFormatter implements FieldFormatter.OfField {
  private static final int ARRAY_SIZE_MAX = 4_096;

  private final int source;
  private final @Nullable String[] small;
  private final Map<Long, String> large;
  private final String unknownPrefix;
  private final boolean numberUnknown;

  /**
   * A formatter over a table.
   *
   * @param unknownPrefix text for a number without a name
   * @param numberUnknown true: the number follows that text
   */
  NamedNumberFormatter(
      int source, Map<Long, String> names, String unknownPrefix, boolean numberUnknown) {
    this.source = source;
    this.unknownPrefix = unknownPrefix;
    this.numberUnknown = numberUnknown;
    this.large = new HashMap<>();
    int size = 0;
    for (Map.Entry<Long, String> entry : names.entrySet()) {
      long value = entry.getKey();
      if (value >= 0 && value < ARRAY_SIZE_MAX) {
        size = Math.max(size, (int) value + 1);
      } else {
        large.put(value, entry.getValue());
      }
    }
    this.small = new @Nullable String[size];
    for (Map.Entry<Long, String> entry : names.entrySet()) {
      long value = entry.getKey();
      if (value >= 0 && value < size) {
        small[(int) value] = entry.getValue();
      }
    }
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    long value = view.longAt(source);
    String name = value >= 0 && value < small.length ? small[(int) value] : null;
    if (name == null && !large.isEmpty()) {
      name = large.get(value);
    }
    if (name != null) {
      out.appendAscii(name);
      return;
    }
    out.appendAscii(unknownPrefix);
    if (numberUnknown) {
      out.appendDecimal(value);
    }
  }
}
