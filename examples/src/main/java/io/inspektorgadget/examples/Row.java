// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import java.util.List;

/** An event whose values, numbers and texts, lie in a list. Immutable. */
record Row(DataSource source, List<?> values) implements EventView {
  Row {
    values = List.copyOf(values);
  }

  @Override
  public boolean isPresent(int field) {
    return true;
  }

  @Override
  public long longAt(int field) {
    return ((Number) values.get(field)).longValue();
  }

  @Override
  public double doubleAt(int field) {
    return ((Number) values.get(field)).doubleValue();
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    out.appendUtf8(values.get(field).toString());
  }

  @Override
  public int elementCount(int field) {
    return 0;
  }

  @Override
  public void elementAt(int field, int element, TextBuffer out) {
    throw new IndexOutOfBoundsException("a row has no field with elements");
  }

  @Override
  public long slotAt(int field, int slot) {
    throw new IndexOutOfBoundsException("a row has no histogram");
  }

  @Override
  public EventView detached() {
    return this;
  }
}
