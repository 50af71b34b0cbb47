// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the program holds starts of containers, by the process that does it for it. */
@Tag("cli")
class HeldStartsProgramTest {
  private static final long LIMIT_NS = IgProgram.LIMIT_S * 1_000_000_000L;
  private static final long PAUSE_NS = 10_000_000;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void nobodyIsLeft() throws Exception {
    for (Process ig : started) {
      List<ProcessHandle> gates = GateProcesses.of(ig);
      ig.destroy();
      assertThat(IgProgram.status(ig)).isZero();
      await("ending " + gates, () -> gates.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private Process tracing(String births, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(IgProgram.path());
    command.addAll(List.of("trace", "open", "-c", "igt-no-such-container", "--verbose"));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove(CollectionChoice.VARIABLE);
    if (!births.isEmpty()) {
      builder.environment().put(CollectionChoice.VARIABLE, births);
    }
    Process ig = builder.start();
    started.add(ig);
    BufferedReader messages = ig.errorReader(StandardCharsets.UTF_8);
    String line = messages.readLine();
    while (line != null && !line.equals("running...")) {
      line = messages.readLine();
    }
    assertThat(line).isEqualTo("running...");
    return ig;
  }

  private interface Condition {
    boolean isTrue() throws IOException;
  }

  private static void await(String what, Condition condition) throws Exception {
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (!condition.isTrue()) {
      assertThat(System.nanoTime()).as(what).isLessThan(limitNs);
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "both", "held"})
  void holdsTheStartsOfARuntimeThatIsNamedAlsoWhenItIsReplaced(String births) throws Exception {
    Path runtime = Files.copy(Path.of("/bin/busybox"), folder.resolve("my-runtime"));
    Process ig = tracing(births, "--runtime-path", runtime.toString());
    await("holding " + runtime, () -> GateProcesses.hold(ig, runtime));
    Path part = Files.copy(runtime, folder.resolve("part"));
    Files.delete(runtime);
    Files.move(part, runtime);
    await("holding the new " + runtime, () -> GateProcesses.hold(ig, runtime));
  }

  @Test
  void holdsNobodyWhereThatIsNotWanted() throws Exception {
    Process holding = tracing("");
    await("holding starts", () -> !GateProcesses.of(holding).isEmpty());
    // Started later: what the first one has done by now, this one would have done too.
    Process following = tracing("lineage");
    Process second = tracing("");
    await("holding starts again", () -> !GateProcesses.of(second).isEmpty());
    assertThat(GateProcesses.of(following)).isEmpty();
  }
}
