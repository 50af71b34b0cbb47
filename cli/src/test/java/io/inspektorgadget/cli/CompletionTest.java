// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion scripts, in the shells themselves. */
class CompletionTest {
  private static final long SHELL_LIMIT_S = 30;

  @TempDir Path directory;

  private final TestProgram program = new TestProgram();

  private Path script(String shell) throws IOException {
    assertThat(program.run("completion", shell)).isZero();
    assertThat(program.err()).isEmpty();
    return Files.writeString(directory.resolve("script." + shell), program.out());
  }

  private static String output(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(SHELL_LIMIT_S, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text.strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "ig tr|trace",
        "ig |top trace run list-gadgets completion version help",
        "ig trace |awkward open",
        "ig -v trace o|open",
        "ig trace open --fa|--failed-only --family",
        "ig trace open -o js|json jsonpretty",
        "ig trace open -o columns=fn|fname",
        "ig trace open -o columns=fname,proc.|fname,proc.comm fname,proc.pid",
        "ig trace open --fields=pid,co|pid,comm",
        "ig trace open --pid 3 --mode=e|exact",
        "ig trace open --mode |fast exact",
        "ig trace open -c w|web web2",
        "ig trace open -c web,d|web,db",
        "ig trace opensnoop --mo|--mode",
        "ig run trace_o|trace_open",
        "ig run open --sort fn|fname",
        "ig completion |bash zsh fish",
        "ig trace open --timeout |''",
        "ig trace open -F pi|pid==",
        "ig top block-io -F ops==3,rw==w|write",
        "ig top block-io -F r|rw==read rw==write",
        "ig top block-io -o |columns json columns=",
      })
  void bashCompletes(String line, String expected) throws Exception {
    Path ig =
        Files.writeString(directory.resolve("ig"), "#!/bin/sh\nprintf 'web\\nweb2\\ndb\\n'\n");
    assertThat(ig.toFile().setExecutable(true)).isTrue();
    // What bash itself sets before it calls the function of "complete -F".
    String driver =
        """
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
        COMP_WORDS=("$3") COMPREPLY=()
        _ig
        echo "${COMPREPLY[*]}"
        """;
    List<String> command =
        List.of("bash", "-c", driver, "bash", script("bash").toString(), line, ig.toString());
    assertThat(output(command)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "ig tr|trace",
        "ig trace open --fa|--failed-only --family",
        "ig trace open -o js|json jsonpretty",
        "ig trace open -o columns=fname,proc.|columns=fname,proc.comm columns=fname,proc.pid",
        "ig trace open --fields=pid,co|--fields=pid,comm",
        "ig top block-io -F ops==3,rw==w|ops==3,rw==write",
        "ig top block-io -o js|json",
        "ig run trace_o|trace_open",
      })
  void fishCompletes(String line, String expected) throws Exception {
    assumeTrue(isInstalled("fish"), "fish is not installed");
    String driver = "source $argv[1]; complete -C $argv[2] | string replace -r '\\t.*' ''";
    String text =
        output(List.of("fish", "--no-config", "-c", driver, script("fish").toString(), line));
    assertThat(text.lines().toList()).isEqualTo(List.of(expected.split(" ")));
  }

  @Test
  void zshReadsItsScript() throws Exception {
    assumeTrue(isInstalled("zsh"), "zsh is not installed");
    String driver =
        """
        source "$1" 2>/dev/null
        typeset -a candidates
        _ig_fields 'trace opensnoop'; print -l $candidates
        _ig_takes_value --pid && print takes
        _ig_takes_value --host || print switch
        """;
    // Outside the line editor there is no compdef; the functions are what is looked at.
    String text =
        output(
            List.of(
                "zsh", "-f", "-c", "compdef() { :; }\n" + driver, "zsh", script("zsh").toString()));
    assertThat(text.lines().toList())
        .containsExactly(
            "timestamp", "comm", "proc.comm", "pid", "proc.pid", "fname", "takes", "switch");
  }

  /** In zsh's own line editor, on a terminal that zsh makes for it: what Tab makes of the line. */
  @ParameterizedTest
  @CsvSource({
    "ig tr, ig trace",
    "ig trace o, ig trace open",
    "ig trace open --fai, ig trace open --failed-only",
    "ig trace open -o jsonp, ig trace open -o jsonpretty",
    "ig trace open --fields=fna, ig trace open --fields=fname",
    "ig top block-io -F rw==w, ig top block-io -F rw==write",
    "ig top block-io -o js, ig top block-io -o json"
  })
  void zshCompletes(String line, String expected) throws Exception {
    assumeTrue(isInstalled("zsh"), "zsh is not installed");
    String driver =
        """
        zmodload zsh/zpty
        zpty inner zsh -f -i
        zpty -w inner "PS1='> '; autoload -U compinit; compinit -u -D; source '$1'; print REA''DY"
        zpty -r inner text '*READY*'
        zpty -w -n inner "$2"$'\\t'
        zpty -r inner text "*$3*"
        zpty -d inner
        """;
    // Waiting for a text that never comes ends by the time limit.
    output(
        List.of(
            "timeout",
            Long.toString(SHELL_LIMIT_S),
            "zsh",
            "-f",
            "-c",
            driver,
            "zsh",
            script("zsh").toString(),
            line,
            expected));
  }

  /** As kubectl asks plugins: the candidates, then what the shell may do with them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "tr|trace :4",
        "trace ,|awkward open :4",
        "trace,open,--fa|--failed-only --family :4",
        "trace,open,-o,js|json jsonpretty :6",
        "trace,open,-o,columns=fn|columns=fname :4",
        "trace,open,--fields=pid;co|pid;comm :4",
        "trace,open,--pid,3,--mode=e|exact :4",
        "trace,open,--mode, |fast exact :4",
        "trace,opensnoop,--mo|--mode :4",
        "run,trace_o|trace_open :4",
        "completion, |bash zsh fish :4",
        "trace,open,--timeout, |:4",
        "trace,open,-c,w|:4",
        "nothing, |:4",
      })
  void answersAProgramThatAsks(String words, String expected) {
    List<String> arguments = new ArrayList<>(List.of("__complete"));
    for (String word : words.split(",", -1)) {
      arguments.add(word.replace(';', ',').strip());
    }
    assertThat(program.run(arguments.toArray(new String[0]))).isZero();
    assertThat(program.err()).isEmpty();
    assertThat(program.out().lines().map(line -> line.split("\t", -1)[0]))
        .containsExactly(expected.replace(';', ',').split(" ", -1));
  }

  @Test
  void anAnswerSaysWhatCandidatesAre() {
    assertThat(program.run("__complete", "comp")).isZero();
    assertThat(program.out())
        .isEqualTo(
            "completion\tprint a script that completes commands, flags and fields in a shell\n:4\n");
  }

  @Test
  void refusesAShellThatItDoesNotKnow() {
    assertThat(program.run("completion", "basch")).isEqualTo(2);
    assertThat(program.err())
        .isEqualTo(
            "Error: printing a completion script: no shell \"basch\" is known; did you mean bash?"
                + " (bash, zsh and fish are)\n");
    assertThat(program.run("completion")).isEqualTo(2);
    assertThat(program.err()).contains("the shell is missing");
  }

  private static boolean isInstalled(String shell) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, shell))) {
        return true;
      }
    }
    return false;
  }
}
