// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client: first its request is read, then written what it asked for. Never waits; the socket's
 * thread only.
 */
final class Connection {
  /** After so many bytes other clients get their turn. */
  private static final int TURN_BYTES = 256 << 10;

  /** What is written at once: the JDK copies it outside the heap first. */
  private static final int WRITE_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final StreamSource source;
  private final Consumer<Connection> onNews;
  private final long startedNs = System.nanoTime();
  private final ByteBuffer input = ByteBuffer.allocate(StreamRequest.LINE_BYTES_MAX);
  private @Nullable ByteBuffer output;
  private @Nullable LogReader reader;
  private StreamRequest.@Nullable Receive awaited;
  private long awaitedSinceNs;
  private boolean isAsked;
  private boolean isClosed;

  /**
   * A client that has just come.
   *
   * @param key the channel's, with this as its attachment
   * @param source what it can ask for
   * @param onNews called by any thread when {@link #write} should be called
   */
  Connection(SelectionKey key, StreamSource source, Consumer<Connection> onNews) {
    this.channel = (SocketChannel) key.channel();
    this.key = key;
    this.source = source;
    this.onNews = onNews;
  }

  /** True while the request is not complete. */
  boolean awaitsRequest() {
    return !isAsked && !isClosed;
  }

  /** True while it has only a limited time for what it waits for. */
  boolean isTimed() {
    return awaitsRequest() || (awaited != null && !isClosed);
  }

  /** True if it waits for that tracer. */
  boolean awaits(String tracerId) {
    return awaited != null && !isClosed && awaited.tracerId().equals(tracerId);
  }

  /** True if the tracer that it waits for has not come in time. */
  boolean hasWaited(long nowNs) {
    return awaited != null
        && !isClosed
        && nowNs - awaitedSinceNs > TimeUnit.SECONDS.toNanos(awaited.waitS());
  }

  /** How long the client is here, in nanoseconds. */
  long ageNs(long nowNs) {
    return nowNs - startedNs;
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Answers with an error instead of whatever is asked for. */
  void refuse(String message) {
    isAsked = true;
    answer(StreamRequest.ERROR + " " + message + "\n");
  }

  /** Reads what the client has sent; without a request nothing counts but its leaving. */
  void read() throws IOException {
    if (isAsked) {
      input.clear();
      if (channel.read(input) < 0) {
        close();
      }
      return;
    }
    int count = channel.read(input);
    byte[] bytes = input.array();
    for (int i = 0; i < input.position(); i++) {
      if (bytes[i] == '\n') {
        ask(new String(bytes, 0, i, StandardCharsets.UTF_8));
        write();
        return;
      }
    }
    if (count < 0) {
      close();
    } else if (!input.hasRemaining()) {
      refuse("reading a request: its line is longer than " + StreamRequest.LINE_BYTES_MAX);
      write();
    }
  }

  private void ask(String line) {
    isAsked = true;
    try {
      switch (StreamRequest.parse(line)) {
        case StreamRequest.Receive receive -> receive(receive);
        case StreamRequest.Dump dump -> answer(ok() + source.dump(dump.subject()));
        case StreamRequest.Liveness liveness ->
            answer(
                source.trouble().map(why -> StreamRequest.ERROR + " " + why + "\n").orElse(ok()));
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private static String ok() {
    return StreamRequest.OK + "\n";
  }

  private void receive(StreamRequest.Receive request) {
    Optional<LineLog> log = source.log(request.tracerId());
    if (log.isPresent()) {
      reader = log.get().reader(request.fromSeq(), () -> onNews.accept(this));
    } else if (request.waitS() > 0) {
      awaited = request;
      awaitedSinceNs = System.nanoTime();
    } else {
      refuse(
          "reading the stream of "
              + request.tracerId()
              + ": no tracer of this id runs here (gadgettracermanager -dump traces shows them)");
      return;
    }
    answer(ok());
  }

  /** Begins to write the lines of the tracer that it has waited for, if it is still there. */
  void begin() throws IOException {
    StreamRequest.Receive request = awaited;
    Optional<LineLog> log = request == null ? Optional.empty() : source.log(request.tracerId());
    if (request != null && log.isPresent()) {
      awaited = null;
      reader = log.get().reader(request.fromSeq(), () -> onNews.accept(this));
      write();
    }
  }

  /** Says that the tracer has not come, as the end of its stream. */
  void giveUp() throws IOException {
    StreamRequest.Receive request = awaited;
    if (request != null) {
      awaited = null;
      String why =
          "reading the stream of "
              + request.tracerId()
              + ": no tracer of this id has begun here within "
              + request.waitS()
              + " s";
      answer(new ControlLine.End(1, ControlLine.Cause.FAILED, why, 0).json() + "\n");
      write();
    }
  }

  private void answer(String text) {
    output = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes as much as the client takes now; closes when all is written. */
  void write() throws IOException {
    long turnBytes = 0;
    while (!isClosed && isAsked) {
      ByteBuffer bytes = output;
      if (bytes == null || !bytes.hasRemaining()) {
        bytes = reader == null ? null : reader.next();
        output = bytes;
        if (bytes == null) {
          pauseOrEnd();
          return;
        }
      }
      int count = writeSome(bytes);
      turnBytes += count;
      if (count == 0 || turnBytes >= TURN_BYTES) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
    }
  }

  private int writeSome(ByteBuffer bytes) throws IOException {
    int limit = bytes.limit();
    bytes.limit(Math.min(limit, bytes.position() + WRITE_BYTES));
    try {
      return channel.write(bytes);
    } finally {
      bytes.limit(limit);
    }
  }

  private void pauseOrEnd() throws IOException {
    if (awaited == null && (reader == null || reader.isDone())) {
      close();
    } else {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /** True if it reads a log that goes on. */
  boolean isStreaming() {
    return reader != null && !reader.isDone();
  }

  void close() throws IOException {
    isClosed = true;
    output = null;
    if (reader != null) {
      reader.close();
    }
    key.cancel();
    channel.close();
  }
}
