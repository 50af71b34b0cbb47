// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ig does on a real terminal: widths, colours, screens that are redrawn, keys. */
@Tag("cli")
@Timeout(120)
class TerminalProgramTest {
  private static final String REDRAW = "\u001b[H\u001b[2J";
  private static final String BOLD = "\u001b[1m";

  /** Cells that the columns of a process table need at least. */
  private static final int TABLE_MIN = 20;

  @TempDir Path directory;

  private static String self() {
    return Long.toString(ProcessHandle.current().pid());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 40, 80, 200})
  void tablesAreFittedToTheTerminal(int columns) throws Exception {
    try (TerminalSession terminal =
        TerminalSession.start(columns, "snapshot", "process", "--host", "--pid", self())) {
      List<String> lines = terminal.rest();
      assertThat(lines).hasSize(2);
      assertThat(lines).allMatch(line -> line.length() <= Math.max(columns, TABLE_MIN));
      assertThat(lines.get(0)).contains("PID");
      assertThat(lines.get(1)).contains(self());
      assertThat(terminal.status()).isZero();
    }
  }

  @Test
  void helpIsFittedToTheTerminal() throws Exception {
    try (TerminalSession terminal = TerminalSession.start(60, "list-containers", "--help")) {
      assertThat(terminal.rest())
          .contains("Container flags:")
          // Examples are lines to copy, and are not broken.
          .allMatch(line -> line.length() <= 60 || line.startsWith("  ig "));
    }
  }

  @Test
  void headersAreBoldUnlessColourIsNotWanted() throws Exception {
    String[] command = {"snapshot", "process", "--host", "--pid", self()};
    try (TerminalSession coloured = TerminalSession.start(80, command);
        TerminalSession plain = TerminalSession.start(80, List.of("NO_COLOR=1"), command);
        TerminalSession dumb = TerminalSession.start(80, List.of("TERM=dumb"), command)) {
      assertThat(coloured.readLine()).startsWith(BOLD + "CONTAINER");
      assertThat(plain.readLine()).startsWith("CONTAINER").doesNotContain("\u001b");
      assertThat(dumb.readLine()).startsWith("CONTAINER").doesNotContain("\u001b");
    }
    assertThat(IgProgram.ig(command).out()).startsWith("CONTAINER").doesNotContain("\u001b");
  }

  private static String header(TerminalSession terminal) throws IOException {
    String line = terminal.readLine();
    while (line != null && !line.contains("CONTAINER")) {
      line = terminal.readLine();
    }
    return String.valueOf(line);
  }

  @Test
  void aTableThatIsRedrawnFollowsTheWidthOfTheTerminal() throws Exception {
    try (TerminalSession terminal =
        TerminalSession.start(70, "top", "block-io", "--host", "--interval", "200ms")) {
      for (int table = 0; table < 3; table++) {
        assertThat(header(terminal)).startsWith(REDRAW + BOLD + "CONTAINER");
      }
      terminal.resize(150);
      String header = header(terminal);
      while (TerminalSession.plain(header).length() <= 70) {
        header = header(terminal);
      }
      assertThat(TerminalSession.plain(header).length()).isLessThanOrEqualTo(150);
      terminal.pressControlC();
      assertThat(terminal.rest()).doesNotContain("Error");
      assertThat(terminal.status()).isZero();
    }
  }

  @Test
  void aTableThatIsRedrawnHasItsHeaderAtOnce() throws Exception {
    try (TerminalSession terminal =
        TerminalSession.start(80, "top", "block-io", "--host", "--interval", "1h")) {
      assertThat(header(terminal)).startsWith(REDRAW + BOLD + "CONTAINER");
      terminal.pressControlC();
      terminal.rest();
      assertThat(terminal.status()).isZero();
    }
  }

  /** Waits until the process has had half a second of a CPU since now. */
  private static void awaitCpuTime(Process process) {
    Duration wanted = cpuTime(process).plusMillis(500);
    while (cpuTime(process).compareTo(wanted) < 0) {
      Thread.onSpinWait();
    }
  }

  private static Duration cpuTime(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Test
  void controlCShowsWhatWasMeasured() throws Exception {
    Path shell = directory.resolve("igt-busy");
    Files.copy(Path.of("/bin/sh"), shell);
    assertThat(shell.toFile().setExecutable(true)).isTrue();
    Process busy = new ProcessBuilder(shell.toString(), "-c", "while :; do :; done").start();
    try (TerminalSession terminal =
        TerminalSession.start(
            80,
            "profile",
            "cpu",
            "--host",
            "--pid",
            Long.toString(busy.pid()),
            "-o",
            "columns=comm,samples")) {
      assertThat(terminal.readLine()).isEqualTo("measuring until Ctrl-C, which shows the result");
      awaitCpuTime(busy);
      terminal.pressControlC();
      assertThat(terminal.rest()).anyMatch(line -> line.startsWith("igt-busy "));
      assertThat(terminal.status()).isZero();
    } finally {
      busy.destroyForcibly();
    }
  }

  @Test
  void aTerminalThatIsClosedEndsIt() throws Exception {
    TerminalSession terminal =
        TerminalSession.start(80, "trace", "open", "--host", "--comm", "igt-nobody");
    assertThat(header(terminal)).contains("FNAME");
    List<ProcessHandle> ig = terminal.processes();
    assertThat(ig).isNotEmpty();
    terminal.close();
    for (ProcessHandle process : ig) {
      process.onExit().get(IgProgram.LIMIT_S, TimeUnit.SECONDS);
    }
    assertThat(ig).noneMatch(ProcessHandle::isAlive);
  }
}
