// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Access to the fields of one event through its schema.
 *
 * <p>A view is a flyweight: it is valid only during the call that received it; {@link #detached()}
 * gives a copy that stays. Fields are named by their index in the schema. Methods do not allocate,
 * except where they say so. Single thread: the run's event loop.
 *
 * <p>Two implementations: a record in a mapped ring, and a parsed JSON line.
 */
public interface EventView {

  /** The data source that the event belongs to; its schema gives the indexes. */
  DataSource source();

  /**
   * False if the event has nothing to say for the field (a container field of a process outside all
   * containers): JSON leaves it out, a table shows an empty cell.
   */
  boolean isPresent(int field);

  /** The value of an integer or boolean field, extended by its sign; UINT64 as its bit pattern. */
  long longAt(int field);

  /** The value of a float field. */
  double doubleAt(int field);

  /**
   * Appends the exact bytes of a STRING or BYTES field, without any terminator and without
   * escaping.
   */
  void textAt(int field, TextBuffer out);

  /** The number of elements of a STRING_LIST, or of slots of a HISTOGRAM. */
  int elementCount(int field);

  /** Appends the exact bytes of one element of a STRING_LIST; {@code element} from 0. */
  void elementAt(int field, int element, TextBuffer out);

  /** The count in one slot of a HISTOGRAM; {@code slot} from 0. */
  long slotAt(int field, int slot);

  /**
   * A watch over fields of this event's data source, or null if one of them may change for reasons
   * that cannot be seen in the event, or nothing would be gained. Allocates.
   */
  default @Nullable FieldWatch watch(List<FieldSpec> fields) {
    return null;
  }

  /** A copy that stays valid, for rows that must be sorted or held. Allocates. */
  EventView detached();
}
