// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to ig while it holds starts: containers start, and nothing of it is left. */
@Tag("cli")
@Timeout(180)
class StartSafetyProgramTest {
  /** Three executions of the runtime are held for 200 ms each at most; ten times as long. */
  private static final long START_MAX_MS = 6_000;

  private static final String ACT = "cat /none-of-$(hostname) 2>/dev/null; exec sleep 1000";
  private static final String EXEC = "exec \"$@\"";

  @TempDir Path folder;
  private Path runc = Path.of("");
  private RuncContainers containers;
  private final List<PrivateIg> started = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    runc = PrivateIg.copyRunc(folder);
    containers = new RuncContainers(folder, runc.toString());
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (PrivateIg ig : started) {
      List<ProcessHandle> gates = GateProcesses.of(ig.process());
      ig.process().destroyForcibly().waitFor();
      TimeLimit.usual()
          .await("ending " + gates, () -> gates.stream().noneMatch(ProcessHandle::isAlive));
    }
    containers.endAll();
  }

  private PrivateIg start(String last, String... args) throws IOException {
    PrivateIg ig = PrivateIg.start(folder, runc, last, args);
    started.add(ig);
    ig.awaitHolding(runc);
    return ig;
  }

  private PrivateIg tracing(String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("trace", "exec", "-c", containers.name("*"), "-o", "json"));
    args.addAll(List.of(more));
    return start(EXEC, args.toArray(new String[0]));
  }

  /** Starts a container, which must go on in time. */
  private void startInTime(String name) throws Exception {
    long beganNs = System.nanoTime();
    containers.start(name, ACT);
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
        .as("ms that the start of %s took", name)
        .isLessThan(TimeLimit.ofMs(START_MAX_MS).ms());
  }

  private String named(String name) {
    return "\"containerName\":\"" + containers.name(name) + "\"";
  }

  @ParameterizedTest
  @CsvSource({"STOP, false", "STOP, true"})
  void aStoppedOneDelaysNobodyForLongAndSaysAfterwardsWhatWasLate(String signal, boolean group)
      throws Exception {
    PrivateIg ig = tracing();
    startInTime("before");
    ig.awaitOut(named("before"), "\"cat\"");
    ig.signal(signal, group);
    startInTime("meanwhile");
    startInTime("meanwhile2");
    ig.signal("CONT", group);
    ig.awaitErr("{\"loss\":{", "\"source\":\"containers\",\"stage\":\"late-start\"");
    ig.awaitOut(named("meanwhile"), "\"cat\"");
    ig.awaitOut(named("meanwhile2"), "\"cat\"");
    startInTime("after");
    ig.awaitOut(named("after"), "\"cat\"");
    ig.signal("INT", false);
    assertThat(IgProgram.status(ig.process())).isZero();
    assertThat(ig.err()).contains("{\"losses\":[", "\"stage\":\"late-start\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "SEGV"})
  void oneThatDiesLeavesNothingThatHolds(String signal) throws Exception {
    PrivateIg ig = tracing();
    startInTime("before");
    ig.awaitOut(named("before"), "\"cat\"");
    List<ProcessHandle> gates = GateProcesses.of(ig.process());
    assertThat(gates).hasSize(1);
    List<List<String>> objects = ig.kernelObjects();
    assertThat(objects).extracting(List::getFirst).contains("map", "prog");
    ig.signal(signal, false);
    startInTime("meanwhile");
    assertThat(IgProgram.status(ig.process())).isNotZero();
    TimeLimit.usual()
        .await("ending " + gates, () -> gates.stream().noneMatch(ProcessHandle::isAlive));
    PrivateIg.awaitGone(objects);
    startInTime("after");
  }

  @Test
  void oneWhoseGateIsStoppedEndsItAndSaysSo() throws Exception {
    PrivateIg ig = tracing();
    ProcessHandle gate = GateProcesses.of(ig.process()).getFirst();
    assertThat(IgProgram.run(List.of("kill", "-STOP", "" + gate.pid())).status()).isZero();
    startInTime("meanwhile");
    ig.awaitErr("Warning: holding starts: the gate did not answer for two seconds");
    ig.awaitOut(named("meanwhile"), "\"cat\"");
    assertThat(gate.isAlive()).isFalse();
  }

  /** Its ring is small and nobody reads what it prints, so its event loop is full and stands. */
  @Test
  void oneWhoseReaderIsFrozenTracesOnAndDelaysNobody() throws Exception {
    Path pipe = makePipe();
    PrivateIg ig =
        start(
            "exec 3<>pipe; exec \"$@\" >&3",
            "trace",
            "exec",
            "-c",
            containers.name("*"),
            "-o",
            "json",
            "--ring-size",
            "4096");
    containers.runToEnd(
        "flood", "i=0; while [ $i -lt 1500 ]; do /bin/busybox true; i=$((i+1)); done");
    startInTime("meanwhile");
    startInTime("meanwhile2");
    assertThat(ig.err()).doesNotContain("late-start");
    assertThat(ig.process().isAlive()).isTrue();
    Path read = folder.resolve("read");
    Process reader =
        new ProcessBuilder("cat", pipe.toString()).redirectOutput(read.toFile()).start();
    try {
      ig.awaitErr("{\"loss\":{", "\"stage\":\"kernel-ring\"", "\"total\":");
      startInTime("after");
      TimeLimit.usual().await("reading of it", () -> text(read).contains(named("after")));
      assertThat(text(read)).startsWith("{").contains(named("flood"));
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aListThatNobodyReadsDelaysNobodyForLong() throws Exception {
    Path pipe = makePipe();
    PrivateIg ig =
        start(
            "exec 3<>pipe; head -c 65536 /dev/zero >&3; exec \"$@\" >&3",
            "list-containers",
            "-w",
            "-c",
            containers.name("*"),
            "-o",
            "json");
    startInTime("one");
    startInTime("two");
    startInTime("three");
    String read = readUntil(pipe, containers.name("three"));
    assertThat(read).contains(containers.name("one"), containers.name("two"));
    ig.awaitErr("{\"loss\":{", "\"stage\":\"late-start\"");
  }

  private Path makePipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(IgProgram.run(List.of("mkfifo", pipe.toString())).status()).isZero();
    return pipe;
  }

  /** What comes out of a pipe up to a text; zeros that filled it are left out. */
  private static String readUntil(Path pipe, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    long deadlineNs = TimeLimit.usual().deadlineNs();
    byte[] bytes = new byte[65_536];
    try (var in = Files.newInputStream(pipe)) {
      while (read.indexOf(text) < 0) {
        assertThat(System.nanoTime())
            .as("reading %s; so far %s", text, read)
            .isLessThan(deadlineNs);
        int length = in.read(bytes);
        for (int i = 0; i < length; i++) {
          if (bytes[i] != 0) {
            read.append((char) bytes[i]);
          }
        }
      }
    }
    return read.toString();
  }

  @Test
  void oneWithoutFreeDescriptorsDelaysNobodyAndGoesOnWhenItHasSome() throws Exception {
    PrivateIg ig = tracing();
    startInTime("before");
    ig.awaitOut(named("before"), "\"cat\"");
    ig.limitOpenFiles("4");
    startInTime("meanwhile");
    ig.awaitErr("watching container " + containers.name("meanwhile"), "raise the limit");
    ig.awaitOut(named("meanwhile"), "\"cat\"");
    ig.limitOpenFiles("1024");
    startInTime("after");
    ig.awaitOut(named("after"), "\"cat\"");
    ig.signal("INT", false);
    assertThat(IgProgram.status(ig.process())).isZero();
  }

  private static final String FULL_DISK =
      """
      mkdir disk
      mount -t tmpfs -o size=64k none disk
      head -c 65536 /dev/zero >disk/full 2>/dev/null
      export TMPDIR="$PWD/disk" XDG_CACHE_HOME="$PWD/disk"
      """;

  @Test
  void oneWithoutRoomOnItsDisksWorksAsUsual() throws Exception {
    PrivateIg ig =
        start(FULL_DISK + EXEC, "trace", "exec", "-c", containers.name("*"), "-o", "json");
    startInTime("meanwhile");
    ig.awaitOut(named("meanwhile"), "\"cat\"");
    ig.signal("INT", false);
    assertThat(IgProgram.status(ig.process())).isZero();
  }

  @Test
  void oneThatPrintsToAFullDiskEndsAndLeavesNothingThatHolds() throws Exception {
    PrivateIg ig =
        start(
            FULL_DISK + "exec \"$@\" >disk/out",
            "trace",
            "exec",
            "-c",
            containers.name("*"),
            "-o",
            "json");
    List<ProcessHandle> gates = GateProcesses.of(ig.process());
    startInTime("meanwhile");
    assertThat(IgProgram.status(ig.process())).isNotZero();
    assertThat(ig.err()).contains("No space left on device");
    assertThat(gates).noneMatch(ProcessHandle::isAlive);
    startInTime("after");
  }
}
