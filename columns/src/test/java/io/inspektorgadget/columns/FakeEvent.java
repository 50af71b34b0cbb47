// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An event held in memory. A field is present once it was set. Access allocates nothing, so that
 * allocations of what reads it can be counted.
 */
public final class FakeEvent implements EventView {
  private final DataSource source;
  private final boolean[] present;
  private final long[] longs;
  private final double[] doubles;
  private final byte[][][] texts;
  private final long[][] slots;

  /** An event of which nothing is present. */
  public FakeEvent(DataSource source) {
    this.source = source;
    int count = source.schema().fields().size();
    this.present = new boolean[count];
    this.longs = new long[count];
    this.doubles = new double[count];
    this.texts = new byte[count][0][];
    this.slots = new long[count][];
  }

  private int index(String name) {
    FieldSpec field = Objects.requireNonNull(source.schema().field(name), name);
    present[field.index()] = true;
    return field.index();
  }

  /** Sets an integer or boolean. */
  public FakeEvent set(String name, long value) {
    longs[index(name)] = value;
    return this;
  }

  /** Sets a float. */
  public FakeEvent setDouble(String name, double value) {
    doubles[index(name)] = value;
    return this;
  }

  /** Sets a text, or the texts of a list. */
  public FakeEvent set(String name, String... values) {
    byte[][] bytes = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = values[i].getBytes(StandardCharsets.UTF_8);
    }
    return setBytes(name, bytes);
  }

  /** Sets a text or bytes, or the texts of a list, exactly. */
  public FakeEvent setBytes(String name, byte[]... values) {
    texts[index(name)] = values;
    return this;
  }

  /** Sets a histogram. */
  public FakeEvent setSlots(String name, long... counts) {
    slots[index(name)] = counts;
    return this;
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
    return longs[field];
  }

  @Override
  public double doubleAt(int field) {
    return doubles[field];
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    out.append(texts[field][0]);
  }

  @Override
  public int elementCount(int field) {
    return slots[field] != null ? slots[field].length : texts[field].length;
  }

  @Override
  public void elementAt(int field, int element, TextBuffer out) {
    out.append(texts[field][element]);
  }

  @Override
  public long slotAt(int field, int slot) {
    return slots[field][slot];
  }

  @Override
  public EventView detached() {
    FakeEvent copy = new FakeEvent(source);
    System.arraycopy(present, 0, copy.present, 0, present.length);
    System.arraycopy(longs, 0, copy.longs, 0, longs.length);
    System.arraycopy(doubles, 0, copy.doubles, 0, doubles.length);
    System.arraycopy(texts, 0, copy.texts, 0, texts.length);
    System.arraycopy(slots, 0, copy.slots, 0, slots.length);
    return copy;
  }
}
