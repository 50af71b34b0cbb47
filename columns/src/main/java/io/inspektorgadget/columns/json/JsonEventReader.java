// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events as {@link JsonWriter} writes them, read back: what one program printed, another can
 * filter, sort and print as if it had traced itself. Members that the schema does not have are
 * passed over, so that both may be of different versions.
 *
 * <p>The view is reused: it is valid until the next call. Single thread.
 */
public final class JsonEventReader {
  private final JsonEvent event;
  private final JsonMembers members;
  private final List<FieldSpec> supplied;
  private final List<byte[]> supplies;
  private int unknownMembers;

  /**
   * A reader of events of a source.
   *
   * @param supplies texts of STRING fields, by name, for events that do not have them
   * @throws IllegalArgumentException if the source has no such field
   */
  public JsonEventReader(DataSource source, Map<String, String> supplies) {
    this.event = new JsonEvent(source);
    this.members = JsonMembers.of(FieldTree.of(source.schema(), source.schema().fields()));
    this.supplied = supplies.keySet().stream().map(name -> required(source, name)).toList();
    this.supplies =
        supplied.stream()
            .map(field -> new TextBuffer(64).appendUtf8(supplies.getOrDefault(field.name(), "")))
            .map(TextBuffer::toByteArray)
            .toList();
  }

  private static FieldSpec required(DataSource source, String name) {
    FieldSpec field = source.schema().field(name);
    if (field == null) {
      throw new IllegalArgumentException(
          "supplying " + name + ": " + source.name() + " has no such field");
    }
    return field;
  }

  /**
   * Reads a line with one event.
   *
   * @param bytes UTF-8, from {@code from} to before {@code end}
   * @throws IllegalArgumentException if it is no JSON, or a value does not suit its field
   */
  public EventView event(byte[] bytes, int from, int end) {
    JsonCursor in = new JsonCursor(bytes, from, end);
    unknownMembers = 0;
    readEvent(in);
    in.requireEnd();
    return event;
  }

  /**
   * Reads a line with an array of events.
   *
   * @param each receives each of them; the view is valid until it returns
   * @throws IllegalArgumentException if it is no JSON array of objects; events before the place
   *     that is wrong were received
   */
  public void array(byte[] bytes, int from, int end, Consumer<EventView> each) {
    JsonCursor in = new JsonCursor(bytes, from, end);
    unknownMembers = 0;
    in.expect('[');
    if (!in.take(']')) {
      do {
        readEvent(in);
        each.accept(event);
      } while (in.take(','));
      in.expect(']');
    }
    in.requireEnd();
  }

  /** How many members of the last line the schema does not have. */
  public int unknownMembers() {
    return unknownMembers;
  }

  private void readEvent(JsonCursor in) {
    event.clear();
    readObject(in, members);
    for (int i = 0; i < supplies.size(); i++) {
      int index = supplied.get(i).index();
      if (!event.isPresent(index)) {
        event.beginText(index).append(supplies.get(i));
        event.endText(index);
      }
    }
  }

  private void readObject(JsonCursor in, JsonMembers group) {
    in.expect('{');
    if (in.take('}')) {
      return;
    }
    int expected = 0;
    do {
      in.string(in.scratch());
      in.expect(':');
      int found = group.find(in.scratch(), expected);
      if (found < 0) {
        unknownMembers++;
        in.skipValue();
        continue;
      }
      expected = found + 1;
      JsonMembers.Member member = group.member(found);
      JsonMembers inner = member.group();
      if (inner != null) {
        readObject(in, inner);
      } else {
        readValue(in, member.field(), member.exact());
      }
    } while (in.take(','));
    in.expect('}');
  }

  private void readValue(JsonCursor in, @Nullable FieldSpec field, boolean exact) {
    if (field == null) {
      throw new IllegalStateException("a member is neither a group nor a field");
    }
    int index = field.index();
    switch (field.type()) {
      case BOOL -> event.putNumber(index, in.bool() ? 1 : 0);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
          event.putNumber(index, in.whole());
      case FLOAT32 -> event.putNumber(index, Double.doubleToRawLongBits((float) in.floating()));
      case FLOAT64 -> event.putNumber(index, Double.doubleToRawLongBits(in.floating()));
      case STRING, BYTES -> {
        readText(in, event.beginText(index), exact || field.type() == FieldType.BYTES);
        event.endText(index);
      }
      case STRING_LIST -> readList(in, index, exact);
      case HISTOGRAM -> readSlots(in, index);
    }
  }

  private static void readText(JsonCursor in, TextBuffer out, boolean exact) {
    if (exact) {
      in.base64(out);
    } else {
      in.string(out);
    }
  }

  private void readList(JsonCursor in, int index, boolean exact) {
    event.beginList(index);
    in.expect('[');
    if (!in.take(']')) {
      do {
        readText(in, event.beginElement(), exact);
        event.endElement();
      } while (in.take(','));
      in.expect(']');
    }
    event.endList(index);
  }

  /** {@code [{"count":1,"end":1,"start":0},…]}: the slots in order, from the first. */
  private void readSlots(JsonCursor in, int index) {
    event.beginSlots(index);
    in.expect('[');
    if (!in.take(']')) {
      do {
        event.addSlot(count(in));
      } while (in.take(','));
      in.expect(']');
    }
    event.endSlots(index);
  }

  private static long count(JsonCursor in) {
    long count = 0;
    in.expect('{');
    do {
      in.string(in.scratch());
      in.expect(':');
      long value = in.whole();
      count = in.scratch().array()[0] == 'c' ? value : count;
    } while (in.take(','));
    in.expect('}');
    return count;
  }
}
