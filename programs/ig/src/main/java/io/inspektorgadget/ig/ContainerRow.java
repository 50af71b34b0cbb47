// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import java.time.Instant;

/**
 * A container as an event of {@link ContainerFields}. Immutable.
 *
 * @param fields its fields
 * @param container the container
 * @param change what happened to it: {@code CREATED}, {@code UPDATED} (more is known of it) or
 *     {@code DELETED}; empty in a snapshot
 * @param timestamp when
 */
record ContainerRow(
    ContainerFields fields, ContainerInfo container, String change, Instant timestamp)
    implements EventView {

  @Override
  public DataSource source() {
    return fields.source();
  }

  @Override
  public boolean isPresent(int field) {
    return fields.isPresent(field, this);
  }

  @Override
  public long longAt(int field) {
    return fields.number(field, this);
  }

  @Override
  public double doubleAt(int field) {
    return longAt(field);
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    out.appendUtf8(fields.text(field, this));
  }

  @Override
  public int elementCount(int field) {
    return 0;
  }

  @Override
  public void elementAt(int field, int element, TextBuffer out) {
    throw new IndexOutOfBoundsException("a container has no field with elements");
  }

  @Override
  public long slotAt(int field, int slot) {
    throw new IndexOutOfBoundsException("a container has no histogram");
  }

  @Override
  public EventView detached() {
    return this;
  }
}
