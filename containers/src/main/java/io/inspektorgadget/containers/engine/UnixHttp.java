// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Questions of HTTP/1.1 on a Unix socket, each on a connection of its own. */
final class UnixHttp {
  private static final int ANSWER_SIZE_MAX_BYTES = 8 << 20;
  private static final int LINE_SIZE_MAX_BYTES = 8 << 10;
  private static final int HEADERS_MAX = 100;
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;

  private final Path socket;
  private final long limitMs;

  /**
   * Questions to whoever listens at this socket.
   *
   * @param limitMs how long an answer may take
   */
  UnixHttp(Path socket, long limitMs) {
    this.socket = socket;
    this.limitMs = limitMs;
  }

  /**
   * Asks for a document.
   *
   * @param path its path, in ASCII without spaces
   * @return the document; empty if there is none
   * @throws IOException if the answer is another, does not come in time, or is nonsense
   */
  Optional<byte[]> get(String path) throws IOException {
    try (UnixConnection connection = UnixConnection.open(socket, limitMs)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      connection.write(request.getBytes(StandardCharsets.US_ASCII));
      int status = status(line(connection));
      boolean isChunked = false;
      long length = -1;
      int headers = 0;
      for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (name.equals("transfer-encoding")) {
          isChunked = value.equalsIgnoreCase("chunked");
        } else if (name.equals("content-length")) {
          length = number(value, 10);
        }
        if (++headers > HEADERS_MAX) {
          throw nonsense("headers without end");
        }
      }
      if (status == NOT_FOUND) {
        return Optional.empty();
      }
      if (status != OK) {
        throw new IOException("asking " + socket + " for " + path + ": HTTP status " + status);
      }
      return Optional.of(isChunked ? chunks(connection) : body(connection, length));
    }
  }

  private int status(String line) throws IOException {
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
      throw nonsense("\"" + words[0] + "\" begins no answer of HTTP");
    }
    return (int) number(words[1], 10);
  }

  private byte[] chunks(UnixConnection connection) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(connection);
      int extension = line.indexOf(';');
      long size = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
      if (size == 0) {
        return body.toByteArray();
      }
      check(body.size() + size);
      body.writeBytes(connection.read((int) size));
      if (!line(connection).isEmpty()) {
        throw nonsense("a chunk is longer than it says");
      }
    }
  }

  /** A body of this length; negative: up to the end of the connection. */
  private byte[] body(UnixConnection connection, long length) throws IOException {
    if (length >= 0) {
      check(length);
      return connection.read((int) length);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int next = connection.read(); next >= 0; next = connection.read()) {
      body.write(next);
      check(body.size());
    }
    return body.toByteArray();
  }

  private void check(long sizeBytes) throws IOException {
    if (sizeBytes > ANSWER_SIZE_MAX_BYTES) {
      throw nonsense("longer than " + ANSWER_SIZE_MAX_BYTES + " bytes");
    }
  }

  private String line(UnixConnection connection) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = connection.read(); next != '\n'; next = connection.read()) {
      if (next < 0 || line.length() == LINE_SIZE_MAX_BYTES) {
        throw nonsense("a line without end");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  private long number(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("reading the answer of " + socket + ": \"" + text + "\" is no size", e);
    }
    throw nonsense("\"" + text + "\" is no size");
  }

  private IOException nonsense(String why) {
    return new IOException("reading the answer of " + socket + ": " + why);
  }
}
