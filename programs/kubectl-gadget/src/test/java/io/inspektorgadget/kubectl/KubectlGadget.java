// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import io.inspektorgadget.testing.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program as users start it, while it runs. Closing it kills it if it does not end itself. */
final class KubectlGadget implements AutoCloseable {
  private static final TimeLimit LIMIT = TimeLimit.ofMs(40_000);
  private static final Path CHECKOUT =
      Path.of(System.getProperty("ig.checkout", ".")).toAbsolutePath();

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  private KubectlGadget(Process process) {
    this.process = process;
    readers.add(collect(process.inputReader(StandardCharsets.UTF_8), out));
    readers.add(collect(process.errorReader(StandardCharsets.UTF_8), err));
  }

  private static Thread collect(BufferedReader from, List<String> lines) {
    Thread thread = new Thread(() -> from.lines().forEach(lines::add), "output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Starts it with these words behind {@code kubectl gadget}. */
  static KubectlGadget start(String... words) throws IOException {
    return command(CHECKOUT.resolve("kubectl-gadget").toString(), words);
  }

  /** Runs it to its end. */
  static KubectlGadget run(String... words) throws IOException, InterruptedException {
    KubectlGadget program = start(words);
    program.status();
    return program;
  }

  /** Runs a command of the cluster's test bed to its good end; returns what it printed. */
  static String cluster(String... words) throws IOException, InterruptedException {
    try (KubectlGadget command = command(CHECKOUT.resolve("cluster").toString(), words)) {
      if (command.status() != 0) {
        throw new IOException(String.join(" ", words) + ": " + command.err());
      }
      return String.join("\n", command.out());
    }
  }

  private static KubectlGadget command(String program, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    return new KubectlGadget(process);
  }

  /** The lines of standard output so far. */
  List<String> out() {
    return List.copyOf(out);
  }

  /** The lines of standard error so far. */
  List<String> err() {
    return List.copyOf(err);
  }

  /** Waits for a line of standard output and returns it. */
  String awaitLine(Predicate<String> wanted) {
    return await(out, wanted);
  }

  /** Waits for a line of standard error that contains a text. */
  String awaitMessage(String part) {
    return await(err, line -> line.contains(part));
  }

  private String await(List<String> lines, Predicate<String> wanted) {
    try {
      return LIMIT.awaitValue(
          "a line", () -> lines.stream().filter(wanted).findFirst().orElse(null));
    } catch (IllegalStateException e) {
      throw new IllegalStateException("no such line; out: " + out + ", err: " + err, e);
    }
  }

  /** Ctrl-C. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for its end and returns its exit status. */
  int status() throws InterruptedException {
    if (!process.waitFor(2 * LIMIT.ms(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it does not end; out: " + out + ", err: " + err);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
