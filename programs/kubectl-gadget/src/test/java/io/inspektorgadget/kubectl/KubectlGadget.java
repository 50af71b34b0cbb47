// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.testing.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    return command(Map.of(), file("kubectl-gadget"), words);
  }

  /** Starts it and reads nothing of what it prints before {@link #readOn()}. */
  static KubectlGadget startUnread(String... words) throws IOException {
    return unread(Map.of(), file("kubectl-gadget"), words);
  }

  /** Reads what it prints from now on. */
  KubectlGadget readOn() {
    readers.add(collect(process.inputReader(StandardCharsets.UTF_8), out));
    return this;
  }

  /** Runs it to its end. */
  static KubectlGadget run(String... words) throws IOException, InterruptedException {
    return run(Map.of(), file("kubectl-gadget"), words);
  }

  /** Runs a program to its end, these variables added to its environment. */
  static KubectlGadget run(Map<String, String> variables, String program, String... words)
      throws IOException, InterruptedException {
    KubectlGadget running = command(variables, program, words);
    running.status();
    return running;
  }

  /** Runs a program of the checkout to its good end; returns what it printed. */
  static String printed(String program, String... words) throws IOException, InterruptedException {
    try (KubectlGadget command = run(Map.of(), file(program), words)) {
      if (command.status() != 0) {
        throw new IOException(
            program + " " + String.join(" ", words) + ": " + command.out() + command.err());
      }
      return String.join("\n", command.out());
    }
  }

  /**
   * Runs a command line that cannot work, and returns the one line that it says; a table's head may
   * have been printed.
   */
  static String refusal(String... words) throws IOException, InterruptedException {
    return refusal(Map.of(), words);
  }

  /** The same with variables added to the environment. */
  static String refusal(Map<String, String> variables, String... words)
      throws IOException, InterruptedException {
    try (KubectlGadget program = run(variables, file("kubectl-gadget"), words)) {
      assertThat(program.status()).as("%s", program.out()).isNotZero();
      assertThat(program.err()).hasSize(1).first().asString().startsWith("Error: ");
      assertThat(program.out()).hasSizeLessThanOrEqualTo(1);
      return program.err().getFirst().substring("Error: ".length());
    }
  }

  /** A file of the checkout. */
  static String file(String name) {
    return CHECKOUT.resolve(name).toString();
  }

  private static KubectlGadget command(
      Map<String, String> variables, String program, String... words) throws IOException {
    return unread(variables, program, words).readOn();
  }

  private static KubectlGadget unread(
      Map<String, String> variables, String program, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    Process process = builder.start();
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

  /** Sends a signal, such as {@code INT}, which is Ctrl-C. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Ctrl-C, after which it ends well. */
  void interrupt() throws IOException, InterruptedException {
    signal("INT");
    assertThat(status()).as("%s", err).isZero();
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
