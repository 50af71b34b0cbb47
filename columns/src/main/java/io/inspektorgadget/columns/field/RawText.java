// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.field;

import io.inspektorgadget.columns.text.FloatText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;

/**
 * The value of a field as a line of text, bytes of foreign origin unchanged: what a table's cell
 * shows (after escaping) and what text filters and orders compare.
 */
public final class RawText {
  private RawText() {}

  /** Appends the value with as many decimals as it needs. */
  public static void append(EventView event, FieldSpec field, TextBuffer out) {
    append(event, field, -1, out);
  }

  /**
   * Appends the value; nothing if it is not present. Elements of a list are separated by a space,
   * bytes are hexadecimal, a histogram is shown as its total.
   *
   * @param precision decimals of a float; negative: as many as needed
   */
  public static void append(EventView event, FieldSpec field, int precision, TextBuffer out) {
    int index = field.index();
    if (!event.isPresent(index)) {
      return;
    }
    switch (field.type()) {
      case BOOL -> out.appendAscii(event.longAt(index) != 0 ? "true" : "false");
      case INT8, INT16, INT32, INT64 -> out.appendDecimal(event.longAt(index));
      case UINT8, UINT16, UINT32, UINT64 ->
          out.appendUnsigned(unsigned(field.type(), event.longAt(index)));
      case FLOAT32, FLOAT64 -> FloatText.appendFixed(event.doubleAt(index), precision, out);
      case STRING -> event.textAt(index, out);
      case BYTES -> appendHex(event, index, out);
      case STRING_LIST -> appendList(event, index, out);
      case HISTOGRAM -> out.appendUnsigned(total(event, index));
    }
  }

  /** The value of an unsigned field without the sign extension of {@code longAt}. */
  public static long unsigned(FieldType type, long value) {
    int bits = 8 * type.sizeBytes();
    return bits == 64 ? value : value & ((1L << bits) - 1);
  }

  /** The number of values that a histogram has counted. */
  public static long total(EventView event, int index) {
    long total = 0;
    for (int slot = 0; slot < event.elementCount(index); slot++) {
      total += event.slotAt(index, slot);
    }
    return total;
  }

  private static void appendHex(EventView event, int index, TextBuffer out) {
    int start = out.length();
    event.textAt(index, out);
    int count = out.length() - start;
    byte[] bytes = out.reserve(count);
    // From the end, so that no byte is overwritten before it was read.
    for (int i = count - 1; i >= 0; i--) {
      int value = bytes[start + i] & 0xff;
      bytes[start + 2 * i] = (byte) Character.forDigit(value >> 4, 16);
      bytes[start + 2 * i + 1] = (byte) Character.forDigit(value & 0xf, 16);
    }
    out.advance(count);
  }

  private static void appendList(EventView event, int index, TextBuffer out) {
    int count = event.elementCount(index);
    for (int element = 0; element < count; element++) {
      if (element > 0) {
        out.append(' ');
      }
      event.elementAt(index, element, out);
    }
  }
}
