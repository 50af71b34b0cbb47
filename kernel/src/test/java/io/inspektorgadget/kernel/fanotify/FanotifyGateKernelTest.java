// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.namespace.NamespaceFd;
import io.inspektorgadget.testing.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds copies of a program that nobody else runs. */
@Tag("kernel")
@Timeout(60)
class FanotifyGateKernelTest {
  /** What is held for 200 ms at most must go on; ten times as long is allowed here. */
  private static final long GOES_ON_MAX_SECONDS = 10;

  private static final long FREE_MAX_NS = 150_000_000;
  private static final int TRIES = 5;

  @TempDir Path folder;
  private Path program = Path.of("");
  private final RecordingGateListener listener = new RecordingGateListener();

  @BeforeEach
  void copyProgram() throws IOException {
    program = folder.resolve("busybox-held");
    Files.copy(Path.of("/bin/busybox"), program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void nothingIsHeldAfterwards() throws Exception {
    assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
  }

  /** Starts the copy; starting waits where it is held, so another thread does it. */
  private CompletableFuture<Integer> start(String... arguments) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private FanotifyGate open() throws InterruptedException {
    FanotifyGate gate = FanotifyGate.open(listener);
    assertThat(listener.nextNews()).isEqualTo("opened");
    return gate;
  }

  private FanotifyGate openMarked() throws InterruptedException {
    FanotifyGate gate = open();
    gate.markExec(program);
    gate.flush();
    assertThat(listener.nextNews()).isEqualTo("marked busybox-held");
    return gate;
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  @Test
  void holdsUntilItIsAllowedAndKnowsTheCommandLine() throws Exception {
    try (FanotifyGate gate = openMarked()) {
      CompletableFuture<Integer> run = start("true", "two words", "");
      HeldEvent event = listener.nextHeld();
      assertThat(event.kind()).isEqualTo(HeldEvent.Kind.EXEC);
      assertThat(event.file()).isEqualTo(FileKey.of(program).orElseThrow());
      assertThat(HeldCommand.words(Path.of("/proc"), event.thread().id()))
          .containsExactly(program.toString(), "true", "two words", "");
      HeldThread thread = event.thread();
      assertThat(thread.pid()).isEqualTo(thread.id());
      assertThat(thread.parentPid()).isEqualTo(ProcessHandle.current().pid());
      try (NamespaceFd mounts = NamespaceFd.open(thread.pid(), NamespaceFd.Kind.MNT);
          NamespaceFd network = NamespaceFd.open(thread.pid(), NamespaceFd.Kind.NET)) {
        assertThat(thread.mountNs()).isEqualTo(mounts.inode());
        assertThat(thread.mountNsUniqueId()).isEqualTo(mounts.uniqueId());
        assertThat(thread.netNs()).isEqualTo(network.inode());
      }
      assertThat(run).isNotDone();
      gate.allow(event);
      assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      gate.allow(event);
      assertThat(gate.late()).isZero();
    }
  }

  @Test
  void letsAFollowedProcessAndItsChildrenExecuteTheSameFileAgainButNoOther() throws Exception {
    Path other = folder.resolve("busybox-other");
    Files.copy(program, other);
    assertThat(other.toFile().setExecutable(true)).isTrue();
    try (FanotifyGate gate = openMarked()) {
      gate.markExec(other);
      gate.flush();
      assertThat(listener.nextNews()).isEqualTo("marked busybox-other");
      String child = program + " true; ";
      CompletableFuture<Integer> run = start("sh", "-c", child + other + " true; exec " + child);
      HeldEvent first = listener.nextHeld();
      gate.follow(first);
      gate.allow(first);
      HeldEvent second = listener.nextHeld();
      assertThat(second.file()).isEqualTo(FileKey.of(other).orElseThrow());
      assertThat(second.thread().parentPid()).isEqualTo(first.thread().pid());
      gate.allow(second);
      assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(listener.events).isEmpty();
      CompletableFuture<Integer> stranger = start("true");
      gate.allow(listener.nextHeld());
      assertThat(stranger.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(gate.late()).isZero();
    }
  }

  @Test
  void holdsAProgramNoMoreThatIsUnmarked() throws Exception {
    try (FanotifyGate gate = openMarked()) {
      CompletableFuture<Integer> run = start("true");
      HeldEvent event = listener.nextHeld();
      gate.unmark(event);
      gate.allow(event);
      assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      gate.markExec(program);
      gate.unmarkExec(program);
      assertThat(listener.nextNews()).isEqualTo("marked busybox-held");
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(listener.events).isEmpty();
    }
  }

  @Test
  void letsGoWhatNobodyAnswersAndCountsIt() throws Exception {
    try (FanotifyGate gate = openMarked()) {
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      HeldEvent unanswered = listener.nextHeld();
      gate.allow(unanswered);
      CompletableFuture<Integer> next = start("true");
      gate.allow(listener.nextHeld());
      assertThat(next.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(gate.late()).isEqualTo(1);
    }
  }

  @Test
  void holdsTheOpeningOfADirectoryUntilItIsUnmarked() throws Exception {
    Path directory = Files.createDirectory(folder.resolve("root"));
    try (FanotifyGate gate = open()) {
      gate.markOpen(directory);
      gate.flush();
      assertThat(listener.nextNews()).isEqualTo("marked root");
      CompletableFuture<Integer> listing = start("ls", directory.toString());
      HeldEvent event = listener.nextHeld();
      assertThat(event.kind()).isEqualTo(HeldEvent.Kind.OPEN_DIRECTORY);
      assertThat(event.file()).isEqualTo(FileKey.of(directory).orElseThrow());
      gate.unmark(event);
      gate.allow(event);
      assertThat(listing.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      gate.markOpen(directory);
      gate.unmarkOpen(directory);
      assertThat(listener.nextNews()).isEqualTo("marked root");
      assertThat(start("ls", directory.toString()).get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS))
          .isZero();
      assertThat(listener.events).isEmpty();
    }
  }

  @Test
  void doesNotHoldWhatItsOwnerOpens() throws Exception {
    Path directory = Files.createDirectory(folder.resolve("own"));
    try (FanotifyGate gate = open()) {
      gate.markOpen(directory);
      gate.flush();
      assertThat(listener.nextNews()).isEqualTo("marked own");
      try (var files = Files.list(directory)) {
        assertThat(files).isEmpty();
      }
      assertThat(listener.events).isEmpty();
      assertThat(gate.late()).isZero();
    }
  }

  @Test
  void tellsOfNewFilesAndOfMarksThatAreRefused() throws Exception {
    try (FanotifyGate gate = open()) {
      gate.watchFolder(folder);
      assertThat(listener.nextNews()).startsWith("marked");
      Files.move(Files.createFile(folder.resolve("old")), folder.resolve("new"));
      assertThat(listener.nextNews()).isEqualTo("changed");
      Path missing = folder.resolve("missing");
      gate.markExec(missing);
      gate.flush();
      String news = listener.nextNews();
      while (news.equals("changed")) {
        news = listener.nextNews();
      }
      assertThat(news).isEqualTo("refused marking " + missing + ": ENOENT");
    }
  }

  @Test
  void letsGoWhenTheGateIsKilled() throws Exception {
    try (FanotifyGate gate = openMarked()) {
      CompletableFuture<Integer> run = start("true");
      listener.nextHeld();
      signal("KILL", gate.pid());
      assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(listener.nextNews()).startsWith("ended").contains("has ended");
    }
  }

  @Test
  void endsAGateThatIsStopped() throws Exception {
    try (FanotifyGate gate = openMarked()) {
      signal("STOP", gate.pid());
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(listener.nextNews()).startsWith("ended").contains("did not answer");
    }
  }

  @Test
  void closingLetsGoAndLeavesNothing() throws Exception {
    openMarked().close();
    List<String> before = OpenDescriptors.kernelObjects();
    FanotifyGate gate = openMarked();
    CompletableFuture<Integer> run = start("true");
    listener.nextHeld();
    gate.close();
    gate.close();
    assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
    assertThat(ProcessHandle.of(gate.pid())).isEmpty();
    assertThat(listener.news).isEmpty();
    // Java closes the pipes of a process that has ended a moment after its end is known.
    TimeLimit.usual()
        .await(
            "no descriptor beside those that were open before: " + before,
            () -> isPartOf(OpenDescriptors.kernelObjects(), before));
  }

  private static boolean isPartOf(List<String> descriptors, List<String> whole) {
    return descriptors.size() <= whole.size() && whole.containsAll(descriptors);
  }

  /** A whole program of ours that is stopped, killed, or crashes. */
  @ParameterizedTest
  @ValueSource(strings = {"STOP", "KILL", "SEGV"})
  void letsGoWhateverHappensToItsOwner(String signal) throws Exception {
    Process owner = startOwner(program.toString());
    try (BufferedReader says = owner.inputReader()) {
      assertThat(says.readLine()).isEqualTo("opened, marked busybox-held");
      CompletableFuture<Integer> run = start("true");
      signal(signal, owner.pid());
      assertThat(run.get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(quickestStartNs()).isLessThan(FREE_MAX_NS);
    } finally {
      owner.destroyForcibly().waitFor();
    }
  }

  @Test
  void letsGoWhenItsOwnerHasNoDescriptorLeft() throws Exception {
    Process owner = startOwner(program.toString(), "without descriptors");
    try (BufferedReader says = owner.inputReader()) {
      assertThat(says.readLine()).isEqualTo("opened, marked busybox-held");
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
    } finally {
      owner.destroyForcibly().waitFor();
    }
  }

  @Test
  void saysWhyThereIsNoGateWithoutTheCapability() throws Exception {
    Process owner =
        startOwner(List.of("setpriv", "--bounding-set", "-sys_admin"), program.toString());
    try (BufferedReader says = owner.inputReader()) {
      assertThat(says.readLine())
          .isEqualTo(
              "ended holding starts with fanotify: EPERM"
                  + " (needs CAP_SYS_ADMIN in the initial user namespace)");
    } finally {
      owner.destroyForcibly().waitFor();
    }
  }

  private Process startOwner(String... arguments) throws IOException {
    return startOwner(List.of(), arguments);
  }

  private Process startOwner(List<String> before, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:ErrorFile=" + folder.resolve("crash"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SilentGateOwner.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** After two seconds without an owner nobody is held any more, not even for 200 ms. */
  private long quickestStartNs() throws Exception {
    long quickestNs = Long.MAX_VALUE;
    long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(GOES_ON_MAX_SECONDS);
    for (int i = 0; i < TRIES || (quickestNs > FREE_MAX_NS && System.nanoTime() < limitNs); i++) {
      long startedNs = System.nanoTime();
      assertThat(start("true").get(GOES_ON_MAX_SECONDS, TimeUnit.SECONDS)).isZero();
      quickestNs = Math.min(quickestNs, System.nanoTime() - startedNs);
    }
    return quickestNs;
  }
}
