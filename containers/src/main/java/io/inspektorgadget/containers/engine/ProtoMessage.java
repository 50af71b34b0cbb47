// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message in the encoding of protocol buffers, of which only texts, messages and maps of texts
 * matter. Immutable. What is absent is empty.
 */
final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int WIRE_TYPE_BITS = 3;
  private static final int VARINT_SIZE_MAX_BYTES = 10;

  private static final ProtoMessage EMPTY = new ProtoMessage(List.of());

  private final List<Field> fields;

  /** A field whose value has a length. */
  private record Field(int number, ByteBuffer value) {}

  private ProtoMessage(List<Field> fields) {
    this.fields = List.copyOf(fields);
  }

  /**
   * Writes a message with one text.
   *
   * @param field the field's number, below 16
   */
  static byte[] withText(int field, String text) {
    return withBytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a message with one message, or bytes.
   *
   * @param field the field's number, below 16
   */
  static byte[] withBytes(int field, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(field << WIRE_TYPE_BITS | LENGTH_DELIMITED);
    int rest = bytes.length;
    for (; rest > 0x7f; rest >>>= 7) {
      out.write(0x80 | (rest & 0x7f));
    }
    out.write(rest);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  /**
   * Reads a message.
   *
   * @throws IOException if it is none
   */
  static ProtoMessage parse(byte[] bytes) throws IOException {
    return parse(ByteBuffer.wrap(bytes));
  }

  private static ProtoMessage parse(ByteBuffer bytes) throws IOException {
    ByteBuffer in = bytes.slice();
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      switch ((int) (key & ((1 << WIRE_TYPE_BITS) - 1))) {
        case VARINT -> varint(in);
        case FIXED64 -> take(in, Long.BYTES);
        case FIXED32 -> take(in, Integer.BYTES);
        case LENGTH_DELIMITED ->
            fields.add(new Field((int) (key >>> WIRE_TYPE_BITS), take(in, varint(in))));
        default -> throw new IOException("reading an answer: it is no message");
      }
    }
    return new ProtoMessage(fields);
  }

  private static long varint(ByteBuffer in) throws IOException {
    long value = 0;
    for (int i = 0; i < VARINT_SIZE_MAX_BYTES; i++) {
      long part = take(in, 1).get();
      value |= (part & 0x7f) << (7 * i);
      if (part >= 0) {
        return value;
      }
    }
    throw new IOException("reading an answer: a number without end");
  }

  private static ByteBuffer take(ByteBuffer in, long count) throws IOException {
    if (count < 0 || count > in.remaining()) {
      throw new IOException("reading an answer: it ends within a message");
    }
    ByteBuffer part = in.slice(in.position(), (int) count);
    in.position(in.position() + (int) count);
    return part;
  }

  /** The text of this field; of several the last. */
  String text(int number) {
    String text = "";
    for (Field field : fields) {
      if (field.number() == number) {
        text = StandardCharsets.UTF_8.decode(field.value().duplicate()).toString();
      }
    }
    return text;
  }

  /**
   * The message in this field; of several the last.
   *
   * @throws IOException if it is none
   */
  ProtoMessage message(int number) throws IOException {
    ProtoMessage message = EMPTY;
    for (Field field : fields) {
      if (field.number() == number) {
        message = parse(field.value());
      }
    }
    return message;
  }

  /**
   * The map of texts in this field; unmodifiable.
   *
   * @throws IOException if it is none
   */
  Map<String, String> texts(int number) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Field field : fields) {
      if (field.number() == number) {
        ProtoMessage entry = parse(field.value());
        texts.put(entry.text(1), entry.text(2));
      }
    }
    return Map.copyOf(texts);
  }
}
