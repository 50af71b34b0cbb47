// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program itself, started as its users start it: the launcher script in the environment
 * variable IG, else the one of the checkout in the system property {@code ig.checkout}.
 */
final class IgProgram {
  /** Long enough for a loaded machine; nothing waits for it when all is well. */
  static final long LIMIT_S = 60;

  private IgProgram() {}

  static String path() {
    String program = System.getenv("IG");
    return program == null
        ? Path.of(System.getProperty("ig.checkout", "."), "ig").toAbsolutePath().toString()
        : program;
  }

  /**
   * How a program ended, and what it said.
   *
   * @param status its exit status
   * @param out its standard output
   * @param err its standard error
   */
  record Ending(int status, String out, String err) {}

  /** Runs any command to its end. */
  static Ending run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("ig-out", "");
    Path err = Files.createTempFile("ig-err", "");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      int status = status(process);
      return new Ending(status, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Runs ig to its end. */
  static Ending ig(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(path());
    command.addAll(List.of(args));
    return run(command);
  }

  /** Waits for the end, for a limited time. */
  static int status(Process process) throws InterruptedException {
    boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("ended within %d s", LIMIT_S).isTrue();
    return process.exitValue();
  }

  /** Starts ig tracing the opens of processes of one name, and waits until it is attached. */
  static Process tracingOpensOf(String comm) throws IOException {
    return tracingOpensOf(comm, "json");
  }

  /** The same with another output mode. */
  static Process tracingOpensOf(String comm, String mode) throws IOException {
    Process process =
        new ProcessBuilder(
                path(), "trace", "open", "--host", "--comm", comm, "-o", mode, "--verbose")
            .start();
    var messages = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    String line = messages.readLine();
    while (line != null && !line.equals("running...")) {
      said.append(line).append('\n');
      line = messages.readLine();
    }
    assertThat(line).as("said before: %s", said).isEqualTo("running...");
    return process;
  }
}
