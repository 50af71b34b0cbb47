// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.histogram;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.text.DisplayWidth;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Events with histograms, drawn: a line with the event's other fields, then for each histogram one
 * line a slot, from the first to the last that counted something. The unit stands in the
 * histogram's annotation {@code unit} (or {@code metrics.unit}). Single thread; allocates nothing
 * per event.
 */
public final class HistogramWriter implements EventWriter {
  private static final int BAR_WIDTH = 40;
  private static final int NUMBER_WIDTH = 10;

  /** Two numbers and the arrow between them. */
  private static final int RANGE_WIDTH = 2 * NUMBER_WIDTH + 4;

  private final List<FieldSpec> labels = new ArrayList<>();
  private final List<byte[]> labelNames = new ArrayList<>();
  private final List<FieldSpec> histograms = new ArrayList<>();
  private final List<byte[]> titles = new ArrayList<>();
  private final TextBuffer text = new TextBuffer(256);

  /**
   * A writer of the given fields of a source.
   *
   * @throws IllegalArgumentException if no histogram is among them
   */
  public HistogramWriter(DataSource source, List<FieldSpec> fields) {
    for (FieldSpec field : fields) {
      if (field.type() == FieldType.HISTOGRAM) {
        histograms.add(field);
        titles.add(title(field));
      } else {
        labels.add(field);
        String name = SafeText.of(FieldNames.columnName(field)).concat(": ");
        labelNames.add(name.getBytes(StandardCharsets.UTF_8));
      }
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
    for (int i = 0; i < labels.size(); i++) {
      FieldSpec label = labels.get(i);
      if (event.isPresent(label.index())) {
        out.appendAscii(labelled ? "  " : "");
        out.append(labelNames.get(i));
        text.clear();
        RawText.append(event, label, 2, text);
        SafeText.append(text.array(), 0, text.length(), out);
        labelled = true;
      }
    }
    if (labelled) {
      out.append('\n');
    }
    for (int i = 0; i < histograms.size(); i++) {
      out.append(titles.get(i));
      appendSlots(event, histograms.get(i).index(), out);
    }
  }

  @Override
  public void batchEnd(TextBuffer out) {}

  private void appendSlots(EventView event, int index, TextBuffer out) {
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
    if (first == end) {
      out.appendAscii("(no values)\n");
    }
    for (int slot = first; slot < end; slot++) {
      appendSlot(slot, event.slotAt(index, slot), largest, out);
    }
    out.append('\n');
  }

  /** The line above a histogram: its name, its unit, the names of what stands beside. */
  private static byte[] title(FieldSpec field) {
    String unit = field.annotation("unit");
    unit = unit.isEmpty() ? field.annotation("metrics.unit") : unit;
    TextBuffer out = new TextBuffer(64);
    out.appendUtf8(SafeText.of(FieldNames.columnName(field)));
    if (!unit.isEmpty()) {
      out.appendAscii(" (").appendUtf8(SafeText.of(unit)).append(')');
    }
    for (int i = DisplayWidth.of(out.array(), 0, out.length()); i < RANGE_WIDTH; i++) {
      out.append(' ');
    }
    out.appendAscii(" : count      distribution\n");
    return out.toByteArray();
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
}
