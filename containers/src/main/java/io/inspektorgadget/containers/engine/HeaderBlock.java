// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The headers of HTTP/2 as they are written on the wire (RFC 7541), without a table that grows: we
 * write none and forbid the other side to.
 */
final class HeaderBlock {
  private static final int STATIC_ENTRIES = 61;
  private static final int FIRST_STATUS = 8;
  private static final int LITERAL_WITH_NAME = 0;
  private static final int PREFIX_OF_LENGTH = 7;
  private static final int INTEGER_SHIFT_MAX = 21;

  /** What an entry of the protocol's own table says; of its values only these are needed. */
  private static final String[] STATUS = {"200", "204", "206", "304", "400", "404", "500"};

  private HeaderBlock() {}

  /** Writes headers; names and values are ASCII. */
  static byte[] encode(Map<String, String> headers) {
    java.io.ByteArrayOutputStream block = new java.io.ByteArrayOutputStream();
    headers.forEach((name, value) -> {
      block.write(LITERAL_WITH_NAME);
      text(block, name);
      text(block, value);
    });
    return block.toByteArray();
  }

  private static void text(java.io.ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int most = (1 << PREFIX_OF_LENGTH) - 1;
    if (bytes.length < most) {
      block.write(bytes.length);
    } else {
      block.write(most);
      int rest = bytes.length - most;
      for (; rest > 0x7f; rest >>>= 7) {
        block.write(0x80 | (rest & 0x7f));
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /**
   * Reads headers. Those whose name stands in the protocol's own table are left out, but for {@code
   * :status}; of equal names the last counts.
   *
   * @throws IOException if it is no block of headers
   */
  static Map<String, String> decode(byte[] block) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(block);
    Map<String, String> headers = new HashMap<>();
    try {
      while (in.hasRemaining()) {
        int first = in.get() & 0xff;
        if ((first & 0x80) != 0) {
          int index = tableIndex(integer(in, first, 7));
          if (index >= FIRST_STATUS && index < FIRST_STATUS + STATUS.length) {
            headers.put(":status", STATUS[index - FIRST_STATUS]);
          }
        } else if ((first & 0xe0) == 0x20) {
          integer(in, first, 5);
        } else {
          literal(in, integer(in, first, (first & 0x40) != 0 ? 6 : 4), headers);
        }
      }
    } catch (BufferUnderflowException e) {
      throw new IOException("reading headers: they end too early", e);
    }
    return headers;
  }

  private static void literal(ByteBuffer in, int nameIndex, Map<String, String> headers)
      throws IOException {
    if (nameIndex == 0) {
      String name = text(in);
      headers.put(name, text(in));
      return;
    }
    int index = tableIndex(nameIndex);
    String value = text(in);
    if (index >= FIRST_STATUS && index < FIRST_STATUS + STATUS.length) {
      headers.put(":status", value);
    }
  }

  private static int tableIndex(int index) throws IOException {
    if (index < 1 || index > STATIC_ENTRIES) {
      throw new IOException("reading headers: entry " + index + " of a table that we forbade");
    }
    return index;
  }

  private static int integer(ByteBuffer in, int first, int prefixBits) throws IOException {
    int most = (1 << prefixBits) - 1;
    int value = first & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift <= INTEGER_SHIFT_MAX; shift += 7) {
      int part = in.get() & 0xff;
      value += (part & 0x7f) << shift;
      if ((part & 0x80) == 0) {
        return value;
      }
    }
    throw new IOException("reading headers: a number without end");
  }

  private static String text(ByteBuffer in) throws IOException {
    int first = in.get() & 0xff;
    int length = integer(in, first, PREFIX_OF_LENGTH);
    if (length > in.remaining()) {
      throw new IOException("reading headers: a text of " + length + " bytes, longer than they");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return (first & 0x80) != 0
        ? HuffmanCode.decode(bytes)
        : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
