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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the program holds starts of containers, by the process that does it for it. */
@Tag("cli")
class HeldStartsProgramTest {
  private static final String GATE = "ig-gate";
  private static final long LIMIT_NS = IgProgram.LIMIT_S * 1_000_000_000L;
  private static final long PAUSE_NS = 10_000_000;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void nobodyIsLeft() throws Exception {
    for (Process ig : started) {
      List<ProcessHandle> gates = gates(ig);
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

  private static List<ProcessHandle> gates(Process ig) {
    return ig.toHandle()
        .children()
        .filter(child -> text(Path.of("/proc/" + child.pid() + "/comm")).strip().equals(GATE))
        .toList();
  }

  /** True if the kernel says that the group of a gate has a mark on this file. */
  private static boolean holds(Process ig, Path file) throws IOException {
    String mark = "fanotify ino:" + Long.toHexString(inode(file)) + " ";
    for (ProcessHandle gate : gates(ig)) {
      try (Stream<Path> fds = Files.list(Path.of("/proc/" + gate.pid() + "/fdinfo"))) {
        if (fds.flatMap(fd -> text(fd).lines()).anyMatch(line -> line.startsWith(mark))) {
          return true;
        }
      }
    }
    return false;
  }

  private static long inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino") instanceof Long inode ? inode : 0;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // Ended or closed while we looked: it says nothing any more.
      return "";
    }
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
    await("holding " + runtime, () -> holds(ig, runtime));
    Path part = Files.copy(runtime, folder.resolve("part"));
    Files.delete(runtime);
    Files.move(part, runtime);
    await("holding the new " + runtime, () -> holds(ig, runtime));
  }

  @Test
  void holdsNobodyWhereThatIsNotWanted() throws Exception {
    Process holding = tracing("");
    await("holding starts", () -> !gates(holding).isEmpty());
    // Started later: what the first one has done by now, this one would have done too.
    Process following = tracing("lineage");
    Process second = tracing("");
    await("holding starts again", () -> !gates(second).isEmpty());
    assertThat(gates(following)).isEmpty();
  }
}
