// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.inspektorgadget.testing.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A stream that an exec reads, line by line as it comes. Closing ends the exec. */
final class PodStream implements AutoCloseable {
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private PodStream(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "pod-stream");
    reader.setDaemon(true);
  }

  /** Starts the command that reads, its standard input open as long as this is. */
  static PodStream open(List<String> command) throws IOException {
    return new PodStream(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** From now on the lines are taken as they come. */
  void readOn() {
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the stream of an exec: it broke", e);
    }
  }

  /** Waits for a line with this text, and returns it. */
  String await(String text) {
    return TimeLimit.usual()
        .awaitValue(
            "a line with " + text,
            () -> lines.stream().filter(line -> line.contains(text)).findFirst().orElse(null));
  }

  /** All that came so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until the command has ended by itself. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(TimeLimit.usual().ms(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("waiting for the end of a stream: it goes on");
    }
    reader.join();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
