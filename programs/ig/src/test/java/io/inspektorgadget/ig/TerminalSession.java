// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ig on a terminal of its own, made by script(1), for one thread. What reads and writes here is the
 * user. Closing takes the terminal away.
 */
final class TerminalSession implements AutoCloseable {
  private static final String CONTROL = "\u001b\\[[0-9;]*[A-Za-z]";

  private final Process script;
  private final BufferedReader screen;
  private final String device;

  private TerminalSession(Process script) throws IOException {
    this.script = script;
    this.screen = script.inputReader(StandardCharsets.UTF_8);
    this.device = String.valueOf(screen.readLine());
  }

  /** Starts ig on a terminal of that many columns. */
  static TerminalSession start(int columns, String... args) throws IOException {
    return start(columns, List.of(), args);
  }

  /** The same, with variables of the environment ({@code NAME=VALUE}). */
  static TerminalSession start(int columns, List<String> environment, String... args)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("exec", "env"));
    words.addAll(environment);
    words.add("\"$IG_UNDER_TEST\"");
    for (String arg : args) {
      words.add("'" + arg + "'");
    }
    String line = "tty; stty cols " + columns + " rows 24; " + String.join(" ", words);
    ProcessBuilder builder = new ProcessBuilder("script", "-qefc", line, "/dev/null");
    builder.environment().put("IG_UNDER_TEST", IgProgram.path());
    builder.environment().put("TERM", "xterm");
    builder.environment().remove("COLUMNS");
    return new TerminalSession(builder.start());
  }

  /** The next line with its control sequences; null at the end. */
  @Nullable String readLine() throws IOException {
    return screen.readLine();
  }

  /** All that is still to come, without control sequences. */
  List<String> rest() throws IOException {
    return screen.lines().map(TerminalSession::plain).toList();
  }

  /** The text without control sequences. */
  static String plain(String line) {
    return line.replaceAll(CONTROL, "");
  }

  /** Gives the terminal another width. */
  void resize(int columns) throws IOException, InterruptedException {
    IgProgram.run(List.of("stty", "-F", device, "cols", Integer.toString(columns)));
  }

  /** Presses Ctrl-C. */
  void pressControlC() throws IOException {
    script.getOutputStream().write(3);
    script.getOutputStream().flush();
  }

  /** Waits for the end of ig; its exit status. */
  int status() throws InterruptedException {
    return IgProgram.status(script);
  }

  /** The processes that run on it. */
  List<ProcessHandle> processes() {
    return script.descendants().toList();
  }

  @Override
  public void close() {
    script.destroyForcibly();
  }
}
