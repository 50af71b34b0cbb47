// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.sort;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.field.UnknownFieldException;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order of rows that a user asks for: {@code -a,b} is descending by {@code a}, and where that
 * is equal ascending by {@code b}. A text made from a number is ordered by the number; texts byte
 * by byte; a row without the value stands last. Single thread: it reuses buffers.
 */
public final class EventOrder implements Comparator<EventView> {
  private final List<Key> keys;
  private final TextBuffer leftText = new TextBuffer(256);
  private final TextBuffer rightText = new TextBuffer(256);

  private EventOrder(List<Key> keys) {
    this.keys = keys;
  }

  /**
   * Reads an order.
   *
   * @throws UnknownFieldException if the source lacks a field of it
   * @throws IllegalArgumentException if a field of it has no order
   */
  public static EventOrder parse(String text, DataSource source) {
    List<Key> keys = new ArrayList<>();
    String doing = "sorting by " + SafeText.of(text);
    for (String entry : text.split(",", -1)) {
      String name = entry.strip();
      boolean descending = name.startsWith("-");
      FieldSpec field = FieldNames.require(source, descending ? name.substring(1) : name, doing);
      if (field.type() == FieldType.HISTOGRAM || field.type() == FieldType.STRING_LIST) {
        throw new IllegalArgumentException(
            doing + ": " + field.name() + " is a list of values, which has no order");
      }
      keys.add(new Key(source.schema().fields().get(comparedIndex(field, source)), descending));
    }
    return new EventOrder(keys);
  }

  private static int comparedIndex(FieldSpec field, DataSource source) {
    if (field.origin() instanceof FieldOrigin.Computed computed
        && computed.sourceIndex() >= 0
        && source.schema().fields().get(computed.sourceIndex()).type().isNumeric()
        && isQuantity(computed.formatter())) {
      return computed.sourceIndex();
    }
    return field.index();
  }

  /** True if the number behind the text is an amount; people sort names of errors as names. */
  private static boolean isQuantity(String formatter) {
    return switch (formatter) {
      case "timestamp", "bytes", "duration" -> true;
      default -> false;
    };
  }

  @Override
  public int compare(EventView left, EventView right) {
    for (Key key : keys) {
      int index = key.field().index();
      boolean here = left.isPresent(index);
      boolean there = right.isPresent(index);
      if (here != there) {
        return here ? -1 : 1;
      }
      int order = here ? compare(left, right, key.field()) : 0;
      if (order != 0) {
        return key.descending() ? -order : order;
      }
    }
    return 0;
  }

  private int compare(EventView left, EventView right, FieldSpec field) {
    int index = field.index();
    if (field.type().isFloat()) {
      return Double.compare(left.doubleAt(index), right.doubleAt(index));
    }
    if (field.type().isUnsigned()) {
      return Long.compareUnsigned(
          RawText.unsigned(field.type(), left.longAt(index)),
          RawText.unsigned(field.type(), right.longAt(index)));
    }
    if (field.type().isNumeric()) {
      return Long.compare(left.longAt(index), right.longAt(index));
    }
    leftText.clear();
    rightText.clear();
    RawText.append(left, field, leftText);
    RawText.append(right, field, rightText);
    int order =
        Arrays.compareUnsigned(
            leftText.array(), 0, leftText.length(), rightText.array(), 0, rightText.length());
    return Integer.signum(order);
  }

  /**
   * One field to order by.
   *
   * @param field the field that is compared
   * @param descending true: the largest first
   */
  private record Key(FieldSpec field, boolean descending) {}
}
