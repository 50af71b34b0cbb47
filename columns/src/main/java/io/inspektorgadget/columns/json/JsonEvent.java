// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import java.util.Arrays;

/** The values of one event that was read from JSON. Filled by {@link JsonEventReader}. */
final class JsonEvent implements EventView {
  private final DataSource source;
  private final boolean[] present;

  /** Numbers; of a float its bits; of lists and histograms unused. */
  private final long[] numbers;

  /** Of a text: where it lies in {@link #text}; of a list or histogram: which of the items. */
  private final int[] starts;

  private final int[] ends;
  private final TextBuffer text;

  /** Of an element of a list, where its text begins and, behind it, ends; of a slot its count. */
  private long[] items = new long[64];

  private int itemCount;

  JsonEvent(DataSource source) {
    this(source, source.schema().fields().size(), new TextBuffer(1024));
  }

  private JsonEvent(DataSource source, int fields, TextBuffer text) {
    this.source = source;
    this.present = new boolean[fields];
    this.numbers = new long[fields];
    this.starts = new int[fields];
    this.ends = new int[fields];
    this.text = text;
  }

  void clear() {
    Arrays.fill(present, false);
    text.clear();
    itemCount = 0;
  }

  void putNumber(int field, long value) {
    present[field] = true;
    numbers[field] = value;
  }

  /** The text of a field is what is appended until {@link #endText}. */
  TextBuffer beginText(int field) {
    starts[field] = text.length();
    return text;
  }

  void endText(int field) {
    ends[field] = text.length();
    present[field] = true;
  }

  void beginList(int field) {
    starts[field] = itemCount;
  }

  TextBuffer beginElement() {
    add(text.length());
    return text;
  }

  void endElement() {
    add(text.length());
  }

  void endList(int field) {
    ends[field] = itemCount;
    present[field] = true;
  }

  void beginSlots(int field) {
    starts[field] = itemCount;
  }

  void addSlot(long count) {
    add(count);
  }

  void endSlots(int field) {
    endList(field);
  }

  private void add(long item) {
    if (itemCount == items.length) {
      items = Arrays.copyOf(items, 2 * itemCount);
    }
    items[itemCount++] = item;
  }

  @Override
  public DataSource source() {
    return source;
  }

  @Override
  public boolean isPresent(int field) {
    return present[field];
  }

  @Override
  public long longAt(int field) {
    return present[field] ? numbers[field] : 0;
  }

  @Override
  public double doubleAt(int field) {
    return Double.longBitsToDouble(longAt(field));
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    if (present[field]) {
      out.append(text.array(), starts[field], ends[field] - starts[field]);
    }
  }

  @Override
  public int elementCount(int field) {
    if (!present[field]) {
      return 0;
    }
    int count = ends[field] - starts[field];
    return switch (source.schema().fields().get(field).type()) {
      case HISTOGRAM -> count;
      case STRING_LIST -> count / 2;
      default -> 0;
    };
  }

  @Override
  public void elementAt(int field, int element, TextBuffer out) {
    int item = starts[field] + 2 * element;
    int from = (int) items[item];
    out.append(text.array(), from, (int) items[item + 1] - from);
  }

  @Override
  public long slotAt(int field, int slot) {
    return items[starts[field] + slot];
  }

  @Override
  public EventView detached() {
    TextBuffer copied = new TextBuffer(Math.max(1, text.length()));
    copied.append(text.array(), 0, text.length());
    JsonEvent copy = new JsonEvent(source, present.length, copied);
    System.arraycopy(present, 0, copy.present, 0, present.length);
    System.arraycopy(numbers, 0, copy.numbers, 0, numbers.length);
    System.arraycopy(starts, 0, copy.starts, 0, starts.length);
    System.arraycopy(ends, 0, copy.ends, 0, ends.length);
    copy.items = Arrays.copyOf(items, itemCount);
    copy.itemCount = itemCount;
    return copy;
  }
}
