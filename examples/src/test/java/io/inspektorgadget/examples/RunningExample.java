// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An example in a JVM of its own; both its streams are read as one. Closing kills it. */
final class RunningExample implements AutoCloseable {
  private static final long END_LIMIT_SECONDS = 10;
  private static final long LIFE_LIMIT_SECONDS = 50;

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private RunningExample(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** Starts the program's main method. */
  static RunningExample start(Class<?> program, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // Reading from it cannot be interrupted: a program that says nothing is ended, and the reader
    // with it.
    CompletableFuture.delayedExecutor(LIFE_LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    return new RunningExample(process);
  }

  /** Reads up to the first line that is wanted. */
  String awaitLine(Predicate<String> wanted) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (wanted.test(line)) {
        return line;
      }
    }
    throw new IOException("waiting for a line: the program ended and printed " + lines);
  }

  /** Interrupts it as Ctrl-C does, and reads to its end; all lines that it printed. */
  List<String> interrupt() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    kill.waitFor();
    output.lines().forEach(lines::add);
    if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("interrupting the program: it runs on");
    }
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
