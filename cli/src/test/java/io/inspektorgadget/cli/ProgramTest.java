// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.ReaderGoneException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  private final TestProgram program = new TestProgram();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private RunRequest launched(String... args) {
    assertThat(program.run(args)).as(program.err()).isZero();
    assertThat(program.err()).isEmpty();
    assertThat(program.launched).hasSize(1);
    return program.launched.getFirst();
  }

  private void refused(int status, String message, String... args) {
    assertThat(program.run(args)).isEqualTo(status);
    assertThat(program.err()).isEqualTo("Error: " + message + "\n");
    assertThat(program.out()).isEmpty();
    assertThat(program.launched).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trace open",
        "trace opensnoop",
        "trace trace_open",
        "run trace_open",
        "run open",
        "run opensnoop",
        "-v trace open",
      })
  void runsAGadgetByEachOfItsNames(String line) {
    assertThat(program.run(line.split(" "))).isZero();
    assertThat(program.launched).hasSize(1);
    assertThat(program.launched.getFirst().gadget().name()).isEqualTo("trace_open");
  }

  @Test
  void passesParametersOn() {
    RunRequest request =
        launched(
            "trace",
            "open",
            "--pid",
            "12,40",
            "--pid=!7",
            "--comm",
            "nginx",
            "--failed-only",
            "--min-latency",
            "-5",
            "--mode",
            "exact",
            "--peer",
            "fd00::1",
            "--ratio",
            "0.5");
    assertThat(request.parameters())
        .isEqualTo(
            Map.of(
                "pid", "12,40,!7",
                "comm", "nginx",
                "failed-only", "true",
                "min-latency", "-5",
                "mode", "exact",
                "peer", "fd00::1",
                "ratio", "0.5"));
  }

  @Test
  void leavesOutWhatWasNotGiven() {
    RunRequest request = launched("trace", "open");
    assertThat(request.parameters()).isEmpty();
    assertThat(request.selector()).isEqualTo(ContainerSelector.ALL_CONTAINERS);
    assertThat(request.limits()).isEqualTo(RunLimits.NONE);
  }

  @Test
  void theLastOfTwoValuesWins() {
    assertThat(launched("trace", "open", "--mode", "exact", "--mode=fast").parameters())
        .containsEntry("mode", "fast");
  }

  @Test
  void aSwitchCanBeSwitchedOff() {
    assertThat(launched("trace", "open", "--failed-only=false").parameters())
        .containsEntry("failed-only", "false");
  }

  @Test
  void aSwitchTakesTheFormsOfAParameterOfOthers() {
    assertThat(launched("trace", "open", "--failed-only=0").parameters())
        .containsEntry("failed-only", "false");
  }

  @Test
  void aNumberInHexadecimalIsHandedOnInItsOneForm() {
    assertThat(launched("trace", "open", "--family", "0x0a").parameters())
        .containsEntry("family", "10");
  }

  @Test
  void selectsContainers() {
    ContainerSelector selector =
        launched(
                "trace",
                "open",
                "-c",
                "web,db",
                "-c",
                "!proxy",
                "-p",
                "pod",
                "-n",
                "prod",
                "-r",
                "runc",
                "--image",
                "busy*",
                "-l",
                "app=a,app=b,tier!=db")
            .selector();
    assertThat(selector)
        .isEqualTo(
            new ContainerSelector(
                false,
                new ValueList(List.of("web", "db"), List.of("proxy")),
                ValueList.parse("busy*"),
                ValueList.parse("runc"),
                ValueList.parse("pod"),
                ValueList.parse("prod"),
                Map.of("app", ValueList.parse("a,b"), "tier", ValueList.parse("!db"))));
  }

  @Test
  void selectsTheHost() {
    assertThat(launched("trace", "open", "--host").selector()).isEqualTo(ContainerSelector.HOST);
  }

  @Test
  void readsLimits() {
    RunRequest request =
        launched("top", "block-io", "-t", "2m", "--interval", "0.5", "--ring-size", "8MiB");
    assertThat(request.limits()).isEqualTo(new RunLimits(120_000, 500, 8 << 20));
  }

  @Test
  void aParameterThatIsCalledLikeAFlagOfOursGetsAnotherName() {
    RunRequest request = launched("trace", "awkward", "--gadget-timeout", "7", "--timeout", "3");
    assertThat(request.parameters()).isEqualTo(Map.of("timeout", "7"));
    assertThat(request.limits().timeoutMs()).isEqualTo(3_000);
  }

  @Test
  void findsTheGadgetBehindFlagsWithValues() {
    RunRequest request = launched("run", "-o", "json", "--pid", "3", "trace_open");
    assertThat(request.gadget().name()).isEqualTo("trace_open");
    assertThat(request.parameters()).isEqualTo(Map.of("pid", "3"));
  }

  @Test
  void readsAGadgetThatIsAFile() {
    refused(1, "reading the gadget ./my.bpf.o: no program in it", "run", "./my.bpf.o");
    assertThat(program.read).containsExactly("./my.bpf.o");
  }

  @Test
  void namesTheNearestOfWhatItKnows() {
    refused(
        2,
        "reading the command: no command \"tarce\"; did you mean trace? ig --help lists them",
        "tarce");
    refused(
        2,
        "reading the command: no command \"opensnoop\"; did you mean trace open? ig --help lists"
            + " them",
        "opensnoop");
    refused(
        2,
        "reading the command: no gadget \"opne\" in trace; did you mean open? ig trace --help lists"
            + " them",
        "trace",
        "opne");
    refused(
        2,
        "running trace_opne: neither a gadget of the catalog nor a file or directory; did you mean"
            + " trace_open? ig list-gadgets lists them",
        "run",
        "trace_opne");
    refused(
        2,
        "reading the flags of ig trace open: no flag --pidd; did you mean --pid? ig trace open"
            + " --help lists them",
        "trace",
        "open",
        "--pidd",
        "3");
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/refused.txt", delimiter = '|', quoteCharacter = '\u0001')
  void refusesWhatItCannotUse(String flags, String message) {
    refused(2, message, ("trace open " + flags).split(" "));
  }

  @Test
  void saysWhichParameterIsMissing() {
    refused(
        2,
        "running trace_awkward: --gadget-timeout is missing; write --gadget-timeout N",
        "trace",
        "awkward");
  }

  @Test
  void hostileWordsReachTheTerminalEscaped() {
    refused(2, "reading the command: no command \"\\x1b[31m\"; ig --help lists them", "\u001b[31m");
  }

  @Test
  void aFullDiskIsAnErrorAndAGoneReaderIsNone() {
    IOException full = new IOException("No space left on device");
    assertThat(failing(new UncheckedIOException(full))).isEqualTo(1);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .isEqualTo("Error: writing the output: No space left on device\n");
    errors.reset();
    assertThat(failing(new UncheckedIOException(new ReaderGoneException(full)))).isZero();
    assertThat(errors.size()).isZero();
  }

  @Test
  void aDefectIsCalledOne() {
    assertThat(failing(new NullPointerException())).isEqualTo(1);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "Error: running ig: NullPointerException, which is a defect of this program; --verbose"
                + " shows where\n");
  }

  @Test
  void detailsAreForThoseWhoAskForThem() {
    RunException failure = new RunException("loading x: rejected", "line 7: why", null);
    assertThat(failing(failure)).isEqualTo(1);
    assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("Error: loading x: rejected\n");
    errors.reset();
    StandardError err = new StandardError(errors);
    assertThat(
            new Failures("ig", err, true)
                .reporting(() -> {
                  throw failure;
                }))
        .isEqualTo(1);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("Error: loading x: rejected\nline 7: why\n")
        .contains("\tat ");
  }

  private int failing(RuntimeException failure) {
    return new Failures("ig", new StandardError(errors), false)
        .reporting(() -> {
          throw failure;
        });
  }

  @Test
  void printsItsVersion() {
    for (String line : List.of("version", "--version")) {
      assertThat(program.run(line)).isZero();
      assertThat(program.out()).isEqualTo("1.2.3\n");
    }
  }

  @Test
  void listsItsGadgets() {
    assertThat(program.run("list-gadgets")).isZero();
    assertThat(program.out())
        .contains("trace open", "trace_open", "Trace open system calls", "top block-io");
    assertThat(program.run("list-gadgets", "-o", "names")).isZero();
    assertThat(program.out()).isEqualTo("top_blockio\ntrace_awkward\ntrace_open\n");
    assertThat(program.run("list-gadgets", "-o", "json")).isZero();
    assertThat(program.out())
        .startsWith("[{\"command\":\"top block-io\",\"description\":\"Report block device")
        .contains("\"description\":\"A gadget of \\u001b[31mothers\",\"name\":\"trace_awkward\"},{")
        .endsWith("\"name\":\"trace_open\"}]\n");
  }
}
