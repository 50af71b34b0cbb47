// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A frame of HTTP/2 (RFC 9113, section 4). Immutable but for the position of its payload.
 *
 * @param type one of the constants here, or another that is passed over
 * @param flags bits whose meaning depends on the type
 * @param stream the call that it belongs to; 0: the connection
 * @param payload what it carries, at most {@link #SIZE_MAX_BYTES}
 */
record HttpFrame(int type, int flags, int stream, ByteBuffer payload) {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 0x1;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;

  /** What nobody may exceed who has not been allowed to. */
  static final int SIZE_MAX_BYTES = 16 << 10;

  private static final int HEADER_SIZE_BYTES = 9;
  private static final int PRIORITY_SIZE_BYTES = 5;

  /** The bytes of a frame. */
  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(HEADER_SIZE_BYTES + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /**
   * Waits for the next frame.
   *
   * @throws IOException if it is longer than allowed, or does not come in time
   */
  static HttpFrame read(UnixConnection in) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(in.read(HEADER_SIZE_BYTES));
    int length = (header.get() & 0xff) << 16 | (header.getShort() & 0xffff);
    int type = header.get() & 0xff;
    int flags = header.get() & 0xff;
    int stream = header.getInt() & Integer.MAX_VALUE;
    if (length > SIZE_MAX_BYTES) {
      throw new IOException("reading an answer: a frame of " + length + " bytes is forbidden");
    }
    return new HttpFrame(type, flags, stream, ByteBuffer.wrap(in.read(length)));
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** True if it is the last frame of its call from this side. */
  boolean isLast() {
    return (type == DATA || type == HEADERS) && has(END_STREAM);
  }

  /**
   * What it carries, without what fills it up.
   *
   * @throws IOException if the filling is longer than the frame
   */
  byte[] content() throws IOException {
    boolean mayBePadded = type == DATA || type == HEADERS;
    int begin = 0;
    int fill = 0;
    if (mayBePadded && has(PADDED) && payload.hasRemaining()) {
      begin = 1;
      fill = payload.get(0) & 0xff;
    }
    if (type == HEADERS && has(PRIORITY)) {
      begin += PRIORITY_SIZE_BYTES;
    }
    int length = payload.capacity() - begin - fill;
    if (length < 0) {
      throw new IOException("reading an answer: a frame is filled beyond its end");
    }
    byte[] content = new byte[length];
    payload.get(begin, content);
    return content;
  }
}
