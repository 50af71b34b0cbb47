// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A socket in a folder of its own, and logs behind it that the test writes. */
final class ServedLogs implements StreamSource, AutoCloseable {
  final Map<String, LineLog> logs = new ConcurrentHashMap<>();
  final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Path folder;
  private final StreamServer server;
  private volatile String trouble = "";

  ServedLogs() throws IOException {
    folder = Files.createTempDirectory("streams");
    server = StreamServer.open(socket(), this, messages::add);
  }

  Path socket() {
    return folder.resolve("socket");
  }

  /** A log that clients find under that id. */
  LineLog create(String id) {
    LineLog log = new LineLog("run", LineLog.Limits.USUAL);
    logs.put(id, log);
    listeners.forEach(listener -> listener.accept(id));
    return log;
  }

  /** Lines numbered from {@code first}, in one chunk. */
  static void append(LineLog log, long first, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("{\"n\":").append(first + i).append("}\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    log.append(bytes, 0, bytes.length);
  }

  void breakDown(String why) {
    trouble = why;
  }

  void closeServer() {
    server.close();
  }

  @Override
  public Optional<LineLog> log(String tracerId) {
    return Optional.ofNullable(logs.get(tracerId));
  }

  @Override
  public void whenLogged(Consumer<String> listener) {
    listeners.add(listener);
  }

  @Override
  public String dump(StreamRequest.Subject subject) {
    return "dump of " + subject.word() + "\n" + "x".repeat(1 << 20) + "\n";
  }

  @Override
  public Optional<String> trouble() {
    return Optional.of(trouble).filter(why -> !why.isEmpty());
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket());
    Files.delete(folder);
  }
}
