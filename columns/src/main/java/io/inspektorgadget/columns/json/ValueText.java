// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.text.Base64Text;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;

/**
 * Values of fields in JSON. Single thread: it reuses buffers, and allocates nothing once they have
 * grown.
 */
final class ValueText {
  private final TextBuffer scratch = new TextBuffer(512);

  /**
   * Appends the value of a present field.
   *
   * @return false if it holds bytes that are no UTF-8 and were replaced: see {@link #appendExact}
   */
  boolean append(EventView event, FieldSpec field, TextBuffer out) {
    int index = field.index();
    switch (field.type()) {
      case BOOL -> out.appendAscii(event.longAt(index) != 0 ? "true" : "false");
      case INT8, INT16, INT32, INT64 -> out.appendDecimal(event.longAt(index));
      case UINT8, UINT16, UINT32, UINT64 ->
          out.appendUnsigned(RawText.unsigned(field.type(), event.longAt(index)));
      case FLOAT32, FLOAT64 ->
          JsonText.appendFloat(event.doubleAt(index), field.type() == FieldType.FLOAT32, out);
      case STRING -> {
        out.append('"');
        int start = out.length();
        event.textAt(index, out);
        return JsonText.finishString(start, out, scratch);
      }
      case BYTES -> appendExact(event, field, out);
      case STRING_LIST -> {
        return appendList(event, index, out);
      }
      case HISTOGRAM -> appendHistogram(event, index, out);
    }
    return true;
  }

  /** Appends the exact bytes in base64: of a list, an array of them. */
  void appendExact(EventView event, FieldSpec field, TextBuffer out) {
    int index = field.index();
    if (field.type() != FieldType.STRING_LIST) {
      scratch.clear();
      event.textAt(index, scratch);
      appendBase64(out);
      return;
    }
    out.append('[');
    int count = event.elementCount(index);
    for (int element = 0; element < count; element++) {
      if (element > 0) {
        out.append(',');
      }
      scratch.clear();
      event.elementAt(index, element, scratch);
      appendBase64(out);
    }
    out.append(']');
  }

  private void appendBase64(TextBuffer out) {
    out.append('"');
    Base64Text.append(scratch.array(), 0, scratch.length(), out);
    out.append('"');
  }

  private boolean appendList(EventView event, int index, TextBuffer out) {
    boolean valid = true;
    out.append('[');
    int count = event.elementCount(index);
    for (int element = 0; element < count; element++) {
      if (element > 0) {
        out.append(',');
      }
      out.append('"');
      int start = out.length();
      event.elementAt(index, element, out);
      valid &= JsonText.finishString(start, out, scratch);
    }
    out.append(']');
    return valid;
  }

  /** Slots up to the last that counted something, each with the values it stands for. */
  private static void appendHistogram(EventView event, int index, TextBuffer out) {
    int count = event.elementCount(index);
    while (count > 0 && event.slotAt(index, count - 1) == 0) {
      count--;
    }
    out.append('[');
    for (int slot = 0; slot < count; slot++) {
      out.appendAscii(slot > 0 ? ",{\"count\":" : "{\"count\":");
      out.appendUnsigned(event.slotAt(index, slot));
      out.appendAscii(",\"end\":");
      out.appendUnsigned(slot >= 63 ? -1L : (2L << slot) - 1);
      out.appendAscii(",\"start\":");
      out.appendUnsigned(slot == 0 ? 0 : 1L << slot);
      out.append('}');
    }
    out.append(']');
  }
}
