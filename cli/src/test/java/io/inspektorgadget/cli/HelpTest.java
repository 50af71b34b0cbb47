// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Help texts against files; a difference is either a mistake or a change that users will see. */
class HelpTest {
  private final TestProgram program = new TestProgram();

  @ParameterizedTest
  @CsvSource({
    "root, --help",
    "category, trace --help",
    "gadget-stream, trace open --help",
    "gadget-interval, top block-io --help",
    "run, run --help",
    "completion, completion --help",
  })
  void isAsInTheFile(String golden, String line) {
    assertThat(program.run(line.split(" "))).isZero();
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).isEqualTo(golden(golden));
  }

  @ParameterizedTest
  @CsvSource({
    "trace open --help, help trace open",
    "trace open --help, trace open -h --host",
    "trace open --help, trace open --pid 3 --help",
    "trace --help, trace",
    "trace --help, help trace",
    "--help, help",
    "--help, -h",
    "version --help, help version",
  })
  void isTheSameHoweverItIsAskedFor(String one, String other) {
    assertThat(program.run(one.split(" "))).isZero();
    String help = program.out();
    assertThat(program.run(other.split(" "))).isZero();
    assertThat(program.out()).isEqualTo(help);
    assertThat(program.launched).isEmpty();
  }

  @Test
  void withoutArgumentsItIsThatOfTheProgram() {
    assertThat(program.run()).isZero();
    assertThat(program.out()).isEqualTo(golden("root"));
  }

  @Test
  void textsOfOthersAreEscaped() {
    assertThat(program.run("trace", "awkward", "--help")).isZero();
    assertThat(program.out()).contains("A gadget of \\x1b[31mothers").doesNotContain("\u001b");
    assertThat(program.run("trace")).isZero();
    assertThat(program.out()).doesNotContain("\u001b");
    assertThat(program.run("--help")).isZero();
    assertThat(program.out()).doesNotContain("\u001b");
  }

  private static String golden(String name) {
    try (InputStream file = HelpTest.class.getResourceAsStream("/golden/help-" + name + ".txt")) {
      assertThat(file).as("golden file of " + name).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
