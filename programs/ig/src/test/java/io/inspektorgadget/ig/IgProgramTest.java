// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of the program: its output, its errors and its end. */
@Tag("cli")
class IgProgramTest {
  /** Ten times what the design allows from Ctrl-C to the end. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private static final String MISSING_FILE = "/etc/none-such-of-ig";

  @TempDir Path directory;

  /** A program of our own, so that nothing but what a test starts is traced. */
  private Path openerCalled(String name) throws IOException {
    Path opener = directory.resolve(name);
    Files.copy(Path.of("/bin/cat"), opener);
    assertThat(opener.toFile().setExecutable(true)).isTrue();
    return opener;
  }

  private static void open(Path opener) throws Exception {
    assertThat(IgProgram.run(List.of(opener.toString(), MISSING_FILE)).status()).isEqualTo(1);
  }

  private static String lineAboutTheFile(BufferedReader events) throws IOException {
    String line = events.readLine();
    while (line != null && !line.contains(MISSING_FILE)) {
      line = events.readLine();
    }
    return String.valueOf(line);
  }

  @Test
  void eventsComeThroughAPipeAsTheyHappen() throws Exception {
    Path opener = openerCalled("igt-pipe");
    Process ig = IgProgram.tracingOpensOf("igt-pipe");
    try (BufferedReader events = ig.inputReader()) {
      open(opener);
      assertThat(lineAboutTheFile(events))
          .startsWith("{\"error\":\"ENOENT\"")
          .contains("\"fname\":\"" + MISSING_FILE + "\"", "\"comm\":\"igt-pipe\"")
          .endsWith("}");
    } finally {
      ig.destroy();
      assertThat(IgProgram.status(ig)).isZero();
    }
  }

  @Test
  void ctrlCEndsItAtOnceWithStatus0() throws Exception {
    Path opener = openerCalled("igt-stop");
    Process ig = IgProgram.tracingOpensOf("igt-stop");
    try (BufferedReader events = ig.inputReader()) {
      open(opener);
      assertThat(lineAboutTheFile(events)).contains(MISSING_FILE);
      long beganNs = System.nanoTime();
      Ending kill = IgProgram.run(List.of("kill", "-INT", Long.toString(ig.pid())));
      assertThat(kill.status()).isZero();
      assertThat(IgProgram.status(ig)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(STOP_LIMIT);
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void ctrlCAtFullSpeedHandsOverAllThatWasReadAndEndsAtOnce() throws Exception {
    Path shell = directory.resolve("igt-flood");
    Files.copy(Path.of("/bin/sh"), shell);
    assertThat(shell.toFile().setExecutable(true)).isTrue();
    Process flood =
        new ProcessBuilder(shell.toString(), "-c", "while :; do : </dev/null; done").start();
    Process ig = IgProgram.tracingOpensOf("igt-flood");
    try (BufferedReader events = ig.inputReader()) {
      for (int row = 0; row < 10_000; row++) {
        assertThat(events.readLine()).contains("\"fname\":\"/dev/null\"");
      }
      long beganNs = System.nanoTime();
      assertThat(IgProgram.run(List.of("kill", "-INT", Long.toString(ig.pid()))).status()).isZero();
      String last = events.readLine();
      for (String line = last; line != null; line = events.readLine()) {
        last = line;
      }
      assertThat(last).endsWith("}");
      assertThat(IgProgram.status(ig)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(STOP_LIMIT);
    } finally {
      flood.destroyForcibly();
      ig.destroyForcibly();
    }
  }

  @Test
  void aReaderThatGoesAwayEndsItQuietlyWithoutWaitingForAnEvent() throws Exception {
    Process ig = IgProgram.tracingOpensOf("igt-gone");
    try (BufferedReader messages = ig.errorReader()) {
      long beganNs = System.nanoTime();
      ig.getInputStream().close();
      assertThat(IgProgram.status(ig)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(STOP_LIMIT);
      assertThat(messages.readAllAsString()).isEmpty();
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void aFullDiskIsAnError() throws Exception {
    Ending end =
        IgProgram.run(
            List.of(
                "sh",
                "-c",
                "exec \"$0\" snapshot process --host -o json >/dev/full",
                IgProgram.path()));
    assertThat(end.status()).isEqualTo(1);
    assertThat(end.err()).isEqualTo("Error: writing the output: No space left on device\n");
  }

  @Test
  void aDiskThatFillsUpEndsTheRun() throws Exception {
    Path shell = directory.resolve("igt-full");
    Files.copy(Path.of("/bin/sh"), shell);
    assertThat(shell.toFile().setExecutable(true)).isTrue();
    Process flood =
        new ProcessBuilder(shell.toString(), "-c", "while :; do : </dev/null; done").start();
    String onSmallDisk =
        "mount -t tmpfs -o size=64k small \"$1\" && exec \"$0\" trace open --host --comm igt-full"
            + " -o json --timeout 30 >\"$1/events\"";
    try {
      Path disk = Files.createDirectory(directory.resolve("disk"));
      Ending end =
          IgProgram.run(
              List.of("unshare", "-m", "sh", "-c", onSmallDisk, IgProgram.path(), disk.toString()));
      assertThat(end.err()).startsWith("Error: writing the output: No space left on device\n");
      assertThat(end.status()).isEqualTo(1);
    } finally {
      flood.destroyForcibly();
    }
  }

  @Test
  void aClosedStandardOutputIsAnError() throws Exception {
    Ending end =
        IgProgram.run(
            List.of("sh", "-c", "exec \"$0\" snapshot process --host >&-", IgProgram.path()));
    assertThat(end.status()).isEqualTo(1);
    assertThat(end.err()).isEqualTo("Error: writing the output: Bad file descriptor\n");
  }

  @Test
  void aTerminalOfFiveColumnsGetsATable() throws Exception {
    Ending end =
        IgProgram.run(
            List.of("env", "COLUMNS=5", IgProgram.path(), "snapshot", "process", "--host"));
    assertThat(end.status()).as(end.err()).isZero();
    assertThat(end.err()).isEmpty();
    assertThat(end.out().lines()).hasSizeGreaterThan(2).allMatch(line -> line.length() < 40);
  }

  @Test
  void rootWithoutCapabilitiesIsToldWhichAreMissing() throws Exception {
    Ending end =
        IgProgram.run(
            List.of(
                "setpriv",
                "--bounding-set=-all",
                "--inh-caps=-all",
                IgProgram.path(),
                "trace",
                "open",
                "--host"));
    assertThat(end.status()).isEqualTo(1);
    assertThat(end.err())
        .startsWith("Error: starting ig trace open: root without CAP_BPF and CAP_PERFMON; ");
    assertThat(end.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'-bpf,-sys_admin', CAP_BPF",
    "'-perfmon,-sys_admin', CAP_PERFMON",
    "'-bpf,-perfmon,-sys_admin', CAP_BPF and CAP_PERFMON"
  })
  void eachMissingCapabilityIsNamed(String dropped, String named) throws Exception {
    for (String command : List.of("trace open --host", "list-containers", "run trace_open")) {
      List<String> line =
          new ArrayList<>(List.of("setpriv", "--bounding-set=" + dropped, IgProgram.path()));
      line.addAll(List.of(command.split(" ")));
      Ending end = IgProgram.run(line);
      assertThat(end.err()).contains(": root without " + named + "; give ");
      assertThat(end.err().lines()).hasSize(1);
      assertThat(end.out()).isEmpty();
      assertThat(end.status()).isEqualTo(1);
    }
  }

  @Test
  void theHostIsNoContainerForThoseWhoSeeOnlySomeProcesses() throws Exception {
    Ending end =
        IgProgram.run(
            List.of(
                "setpriv",
                "--bounding-set=-sys_ptrace,-sys_admin,-dac_override,-dac_read_search",
                IgProgram.path(),
                "list-containers",
                "-o",
                "names"));
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
    assertThat(end.out()).doesNotContain("unknown-" + link.replaceAll("[^0-9]", ""));
    assertThat(end.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-sys_admin", "-bpf,-perfmon", "-sys_resource", "-dac_override"})
  void whatTracingCanDoWithoutIsNotAskedFor(String dropped) throws Exception {
    Ending end =
        IgProgram.run(
            List.of(
                "setpriv",
                "--bounding-set=" + dropped,
                IgProgram.path(),
                "trace",
                "open",
                "--host",
                "--timeout",
                "100ms",
                "-F",
                "fname==/nothing-like-this"));
    assertThat(end.err()).isEmpty();
    assertThat(end.status()).isZero();
  }

  /** A name with a line break, an escape sequence and a byte that is no UTF-8. */
  private void openHostileName(Path opener) throws Exception {
    String name = "/none\\nsuch\\033[31mred\\377";
    Ending end =
        IgProgram.run(
            List.of("sh", "-c", "exec \"$0\" \"$(printf '" + name + "')\"", opener.toString()));
    assertThat(end.status()).isEqualTo(1);
  }

  @Test
  void hostileNamesReachNoTerminalAsTheyAre() throws Exception {
    Path opener = openerCalled("igt-hostile");
    Process ig = IgProgram.tracingOpensOf("igt-hostile", "columns=comm,fname");
    try (BufferedReader rows = ig.inputReader(StandardCharsets.ISO_8859_1)) {
      openHostileName(opener);
      String row = rows.readLine();
      while (row != null && !row.contains("/none")) {
        row = rows.readLine();
      }
      assertThat(row).contains("/none", "such", "[31mred").doesNotContain("\u001b", "\u00ff");
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void hostileNamesAreValidJsonWithTheirExactBytesBeside() throws Exception {
    Path opener = openerCalled("igt-hostile");
    Process ig = IgProgram.tracingOpensOf("igt-hostile");
    try (BufferedReader events = ig.inputReader()) {
      openHostileName(opener);
      String line = events.readLine();
      while (line != null && !line.contains("/none")) {
        line = events.readLine();
      }
      byte[] exact = "/none\nsuch\u001b[31mred\u00ff".getBytes(StandardCharsets.ISO_8859_1);
      assertThat(line)
          .contains("\"fname\":\"/none\\nsuch\\u001b[31mred\ufffd\"")
          .contains("\"fname_bytes\":\"" + Base64.getEncoder().encodeToString(exact) + "\"");
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void aRunEndsByItsTimeLimit() throws Exception {
    Ending end = IgProgram.ig("trace", "open", "--timeout", "100ms", "-c", "no-such-container");
    assertThat(end.status()).as(end.err()).isZero();
    assertThat(end.err()).contains("no running container matches", "--host", "ig list-containers");
    assertThat(end.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "trace opne, 2, did you mean open?",
    "tarce open, 2, did you mean trace?",
    "trace open --pidd 3, 2, did you mean --pid?",
    "trace open --pid x, 2, no whole number",
    "trace open -o jsn, 2, did you mean json?",
    "trace open --fields fnme, 2, did you mean fname?",
    "trace open -F fnme==x, 2, did you mean fname?",
    "trace open -F fname=>x, 2, no operator begins with",
    "trace open -F proc.pid==x, 2, is not an integer",
    "trace open -F fname~[, 2, is no regular expression",
    "trace open --sort fname, 2, sorting by fname",
    "trace open --uid root, 2, no whole number",
    "trace open --failed=perhaps, 2, perhaps",
    "trace open --ring-size 5000, 2, no power of two",
    "run ./no-such-folder/, 1, no-such-folder",
  })
  void whatItCannotUseIsOneLineAndAStatus(String line, int status, String said) throws Exception {
    Ending end = IgProgram.ig(line.split(" "));
    assertThat(end.err()).startsWith("Error: ").contains(said).endsWith("\n");
    assertThat(end.err().lines()).hasSize(1);
    assertThat(end.status()).isEqualTo(status);
    assertThat(end.out()).isEmpty();
  }

  @Test
  void withoutRootItHelpsAndSaysWhatItNeeds() throws Exception {
    List<String> asNobody =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    List<String> canRead = new ArrayList<>(asNobody);
    canRead.addAll(List.of("test", "-r", IgProgram.path()));
    assumeTrue(IgProgram.run(canRead).status() == 0, "other users cannot read this checkout");

    List<String> trace = new ArrayList<>(asNobody);
    trace.addAll(List.of(IgProgram.path(), "trace", "open"));
    Ending refused = IgProgram.run(trace);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("needs root: sudo ", "trace open");
    assertThat(refused.err().lines()).hasSize(1);

    for (String free : List.of("--help", "--version", "completion bash", "trace open --help")) {
      List<String> command = new ArrayList<>(asNobody);
      command.add(IgProgram.path());
      command.addAll(List.of(free.split(" ")));
      Ending end = IgProgram.run(command);
      assertThat(end.status()).as("%s: %s", free, end.err()).isZero();
      assertThat(end.out()).isNotBlank();
    }
  }

  @Test
  void theDoctorHasALineForEachRequirement() throws Exception {
    Ending end = IgProgram.ig("doctor");
    assertThat(end.err()).isEmpty();
    assertThat(end.out().lines())
        .anyMatch(line -> line.startsWith("ok      privileges"))
        .anyMatch(line -> line.startsWith("ok      libbpf"))
        .anyMatch(line -> line.contains("ring buffers"))
        .allMatch(line -> line.matches("(ok|absent|MISSING|unknown) +\\S.*"));
    assertThat(end.status()).isEqualTo(end.out().contains("MISSING ") ? 1 : 0);
  }
}
