// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of gRPC that take one message and give one, over HTTP/2 on a Unix socket, one at a time.
 * The connection is made by the first call and kept until {@link #disconnect}. Single thread.
 */
final class GrpcChannel implements AutoCloseable {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int SETTING_HEADER_TABLE_SIZE = 1;
  private static final int SETTING_ENABLE_PUSH = 2;
  private static final int SETTING_INITIAL_WINDOW = 4;
  private static final int SETTING_SIZE_BYTES = 6;
  private static final int WINDOW_SIZE_BYTES = 4 << 20;
  private static final int WINDOW_OF_PROTOCOL_BYTES = 65_535;

  private static final int HEADERS_SIZE_MAX_BYTES = 64 << 10;
  private static final int ANSWER_SIZE_MAX_BYTES = WINDOW_SIZE_BYTES;
  private static final int MESSAGE_HEADER_SIZE_BYTES = 5;

  private final Path socket;
  private final long limitMs;
  private @Nullable UnixConnection connection;
  private int lastStream;

  /**
   * Calls of whoever listens at this socket.
   *
   * @param limitMs how long a call may take
   */
  GrpcChannel(Path socket, long limitMs) {
    this.socket = socket;
    this.limitMs = limitMs;
  }

  /**
   * Calls a method.
   *
   * @param method {@code package.Service/Method}
   * @param metadata further headers
   * @param request the message
   * @return the answer's message
   * @throws GrpcException if the call was answered by an error
   * @throws IOException if it was not answered, or by nonsense; the connection is closed then
   */
  byte[] call(String method, Map<String, String> metadata, byte[] request) throws IOException {
    try {
      UnixConnection opened = connected();
      opened.limit(limitMs);
      lastStream += lastStream == 0 ? 1 : 2;
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(":method", "POST");
      headers.put(":scheme", "http");
      headers.put(":path", "/" + method);
      headers.put(":authority", "localhost");
      headers.put("content-type", "application/grpc");
      headers.put("te", "trailers");
      headers.putAll(metadata);
      byte[] block = HeaderBlock.encode(headers);
      byte[] message =
          ByteBuffer.allocate(MESSAGE_HEADER_SIZE_BYTES + request.length)
              .put((byte) 0)
              .putInt(request.length)
              .put(request)
              .array();
      if (Math.max(block.length, message.length) > HttpFrame.SIZE_MAX_BYTES) {
        throw new IOException("asking " + socket + ": the question is too long");
      }
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frames.writeBytes(
          HttpFrame.bytes(HttpFrame.HEADERS, HttpFrame.END_HEADERS, lastStream, block));
      frames.writeBytes(HttpFrame.bytes(HttpFrame.DATA, HttpFrame.END_STREAM, lastStream, message));
      opened.write(frames.toByteArray());
      return answer(opened, method);
    } catch (GrpcException e) {
      throw e;
    } catch (IOException e) {
      disconnect();
      throw e;
    }
  }

  private UnixConnection connected() throws IOException {
    UnixConnection open = connection;
    if (open != null) {
      return open;
    }
    open = UnixConnection.open(socket, limitMs);
    connection = open;
    lastStream = 0;
    ByteBuffer settings =
        ByteBuffer.allocate(3 * SETTING_SIZE_BYTES)
            .putShort((short) SETTING_HEADER_TABLE_SIZE)
            .putInt(0)
            .putShort((short) SETTING_ENABLE_PUSH)
            .putInt(0)
            .putShort((short) SETTING_INITIAL_WINDOW)
            .putInt(WINDOW_SIZE_BYTES);
    ByteArrayOutputStream begin = new ByteArrayOutputStream();
    begin.writeBytes(PREFACE);
    begin.writeBytes(HttpFrame.bytes(HttpFrame.SETTINGS, 0, 0, settings.array()));
    begin.writeBytes(
        HttpFrame.bytes(
            HttpFrame.WINDOW_UPDATE, 0, 0, number(WINDOW_SIZE_BYTES - WINDOW_OF_PROTOCOL_BYTES)));
    open.write(begin.toByteArray());
    return open;
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private byte[] answer(UnixConnection opened, String method) throws IOException {
    Map<String, String> headers = new HashMap<>();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    boolean ended = false;
    while (!ended) {
      HttpFrame frame = HttpFrame.read(opened);
      if (frame.type() == HttpFrame.GOAWAY) {
        throw new IOException("asking " + socket + ": it wants to end the connection");
      }
      if (frame.stream() != lastStream) {
        acknowledge(opened, frame);
        continue;
      }
      switch (frame.type()) {
        case HttpFrame.DATA -> append(opened, data, frame);
        case HttpFrame.HEADERS -> headers.putAll(headers(opened, frame));
        case HttpFrame.RST_STREAM ->
            throw new IOException("asking " + socket + ": it broke the call off");
        default -> {
          // What else there is about a stream is about its order among others.
        }
      }
      ended = frame.isLast();
    }
    GrpcException.check(socket, method, headers);
    return message(data.toByteArray());
  }

  private static void acknowledge(UnixConnection opened, HttpFrame frame) throws IOException {
    boolean isNews = !frame.has(HttpFrame.ACK);
    if (isNews && frame.type() == HttpFrame.SETTINGS) {
      opened.write(HttpFrame.bytes(HttpFrame.SETTINGS, HttpFrame.ACK, 0, new byte[0]));
    } else if (isNews && frame.type() == HttpFrame.PING) {
      opened.write(HttpFrame.bytes(HttpFrame.PING, HttpFrame.ACK, 0, frame.content()));
    }
  }

  private void append(UnixConnection opened, ByteArrayOutputStream data, HttpFrame frame)
      throws IOException {
    data.writeBytes(frame.content());
    if (data.size() > ANSWER_SIZE_MAX_BYTES) {
      throw new IOException("asking " + socket + ": the answer is too long");
    }
    int used = frame.payload().capacity();
    if (used > 0) {
      // The stream's own window is as large as the longest answer; the connection's is for all.
      opened.write(HttpFrame.bytes(HttpFrame.WINDOW_UPDATE, 0, 0, number(used)));
    }
  }

  private static Map<String, String> headers(UnixConnection opened, HttpFrame first)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    HttpFrame frame = first;
    block.writeBytes(frame.content());
    while (!frame.has(HttpFrame.END_HEADERS)) {
      frame = HttpFrame.read(opened);
      block.writeBytes(frame.content());
      if (frame.type() != HttpFrame.CONTINUATION || block.size() > HEADERS_SIZE_MAX_BYTES) {
        throw new IOException("reading an answer: headers without end");
      }
    }
    return HeaderBlock.decode(block.toByteArray());
  }

  private byte[] message(byte[] data) throws IOException {
    if (data.length < MESSAGE_HEADER_SIZE_BYTES
        || data[0] != 0
        || ByteBuffer.wrap(data, 1, Integer.BYTES).getInt()
            != data.length - MESSAGE_HEADER_SIZE_BYTES) {
      throw new IOException("asking " + socket + ": the answer is not one message");
    }
    return java.util.Arrays.copyOfRange(data, MESSAGE_HEADER_SIZE_BYTES, data.length);
  }

  /** Ends the connection, if there is one; the next call makes another. */
  void disconnect() throws IOException {
    UnixConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
