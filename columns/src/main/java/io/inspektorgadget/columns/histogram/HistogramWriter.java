// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.histogram;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;

/**
 * Events with histograms, drawn: a line with the event's other fields, then for each histogram one
 * line a slot, from the first to the last that counted something. The unit stands in the
 * histogram's annotation {@code metrics.unit}. Single thread; allocates nothing per event.
 */
public final class HistogramWriter implements EventWriter {
  private static final int BAR_WIDTH = 40;
  private static final int NUMBER_WIDTH = 10;

  private final List<FieldSpec> labels = new ArrayList<>();
  private final List<FieldSpec> histograms = new ArrayList<>();
  private final TextBuffer text = new TextBuffer(256);

  /**
   * A writer of the given fields of a source.
   *
   * @throws IllegalArgumentException if no histogram is among them
   */
  public HistogramWriter(DataSource source, List<FieldSpec> fields) {
    for (FieldSpec field : fields) {
      (field.type() == FieldType.HISTOGRAM ? histograms : labels).add(field);
    }
    if (histograms.isEmpty()) {
      throw new IllegalArgumentException(
          "showing " + source.name() + " as a histogram: no field of it is one; write -o columns");
    }
  }

  /** True if a field of the source is a histogram. */
  public static boolean suits(DataSource source) {
    for (FieldSpec field : source.schema().fields()) {
      if (field.type() == FieldType.HISTOGRAM) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void begin(TextBuffer out) {}

  @Override
  public void event(EventView event, TextBuffer out) {
    boolean labelled = false;
    for (FieldSpec label : labels) {
      if (event.isPresent(label.index())) {
        out.appendAscii(labelled ? "  " : "");
        appendSafe(FieldNames.columnName(label), out);
        out.appendAscii(": ");
        text.clear();
        RawText.append(event, label, 2, text);
        SafeText.append(text.array(), 0, text.length(), out);
        labelled = true;
      }
    }
    if (labelled) {
      out.append('\n');
    }
    for (FieldSpec histogram : histograms) {
      appendHistogram(event, histogram, out);
    }
  }

  @Override
  public void batchEnd(TextBuffer out) {}

  private void appendHistogram(EventView event, FieldSpec field, TextBuffer out) {
    int index = field.index();
    int end = event.isPresent(index) ? event.elementCount(index) : 0;
    while (end > 0 && event.slotAt(index, end - 1) == 0) {
      end--;
    }
    int first = 0;
    long largest = 1;
    while (first < end && event.slotAt(index, first) == 0) {
      first++;
    }
    for (int slot = first; slot < end; slot++) {
      long count = event.slotAt(index, slot);
      largest = Long.compareUnsigned(count, largest) > 0 ? count : largest;
    }
    appendTitle(field, out);
    if (first == end) {
      out.appendAscii("(no values)\n");
    }
    for (int slot = first; slot < end; slot++) {
      appendSlot(slot, event.slotAt(index, slot), largest, out);
    }
    out.append('\n');
  }

  private void appendTitle(FieldSpec field, TextBuffer out) {
    int start = out.length();
    appendSafe(FieldNames.columnName(field), out);
    String unit = field.annotation("metrics.unit");
    if (!unit.isEmpty()) {
      out.appendAscii(" (");
      appendSafe(unit, out);
      out.append(')');
    }
    for (int i = out.length() - start; i < 2 * NUMBER_WIDTH + 4; i++) {
      out.append(' ');
    }
    out.appendAscii(" : count      distribution\n");
  }

  private void appendSlot(int slot, long count, long largest, TextBuffer out) {
    appendRight(slot == 0 ? 0 : 1L << slot, out);
    out.appendAscii(" -> ");
    appendRight(slot >= 63 ? -1L : (2L << slot) - 1, out);
    out.appendAscii(" : ");
    int start = out.length();
    out.appendUnsigned(count);
    for (int i = out.length() - start; i < NUMBER_WIDTH; i++) {
      out.append(' ');
    }
    double share = unsigned(count) / unsigned(largest);
    int stars = (int) Math.round(share * BAR_WIDTH);
    out.appendAscii(" |");
    for (int i = 0; i < BAR_WIDTH; i++) {
      out.append(i < stars ? '*' : ' ');
    }
    out.appendAscii("|\n");
  }

  private void appendRight(long value, TextBuffer out) {
    text.clear();
    text.appendUnsigned(value);
    for (int i = text.length(); i < NUMBER_WIDTH; i++) {
      out.append(' ');
    }
    out.append(text.array(), 0, text.length());
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : 2.0 * (value >>> 1);
  }

  private static void appendSafe(String name, TextBuffer out) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
  }
}
