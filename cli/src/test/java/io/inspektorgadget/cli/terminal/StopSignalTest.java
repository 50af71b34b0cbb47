// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a virtual machine of its own. */
class StopSignalTest {
  private static final long LIMIT_S = 20;

  private static Process start(String argument) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            StoppableProgram.class.getName(),
            argument)
        .start();
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private static int status(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalLetsTheProgramComeToItsOwnEnd(String name) throws Exception {
    Process process = start("wait");
    try (BufferedReader messages = process.errorReader()) {
      assertThat(messages.readLine()).isEqualTo("waiting");
      signal(name, process);
      assertThat(messages.readLine()).isEqualTo("pending");
      assertThat(status(process)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void withoutASignalTheStatusIsThatOfTheProgram() throws Exception {
    assertThat(status(start("fail"))).isEqualTo(7);
  }

  @Test
  void aProgramThatDoesNotComeToItsEndIsEnded() throws Exception {
    Process process = start("stuck");
    try (BufferedReader messages = process.errorReader()) {
      assertThat(messages.readLine()).isEqualTo("waiting");
      signal("INT", process);
      assertThat(status(process)).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
  }
}
