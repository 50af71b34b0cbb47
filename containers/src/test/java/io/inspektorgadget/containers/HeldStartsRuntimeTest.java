// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real containers whose starts are held; by copies of runc, so that no other start is held. */
@Tag("runtime")
@Timeout(120)
class HeldStartsRuntimeTest {
  private static final int STARTS = 40;
  private static final int AT_ONCE = 4;
  private static final List<String> SLEEP = List.of("/bin/busybox", "sleep", "1000");
  private static final List<String> TRUE = List.of("/bin/busybox", "true");
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  @TempDir Path folder;
  private Path runtimes = Path.of("");
  private Path runc = Path.of("");
  private CollectionOptions options = CollectionOptions.DEFAULTS;
  private final String prefix = "igheld-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  @BeforeEach
  void copyRuntime() throws IOException {
    runtimes = Files.createDirectory(folder.resolve("runtimes"));
    runc = copyRunc("runc");
    options =
        CollectionOptions.DEFAULTS
            .withRuntimesOnly(List.of(runtimes.toString()), List.of())
            .withMechanisms(false, true);
  }

  @AfterEach
  void deleteContainers() throws Exception {
    for (String id : started) {
      Commands.run(folder, runc.toString(), "delete", "--force", id);
    }
    assertThat(GateMarks.gates()).isEmpty();
  }

  private Path copyRunc(String name) throws IOException {
    Path part = folder.resolve(name + ".part");
    Files.copy(Path.of("/usr/sbin/runc"), part);
    assertThat(part.toFile().setExecutable(true)).isTrue();
    return Files.move(part, runtimes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private String id(String name) {
    started.add(prefix + name);
    return prefix + name;
  }

  private BusyboxBundle bundle(String name, List<String> args) throws IOException {
    return BusyboxBundle.make(folder, name, args, Map.of());
  }

  /** A collection that holds these binaries. */
  private ContainerCollection holding(Path... binaries) {
    ContainerCollection collection = ContainerCollection.start(HOST, options);
    assertThat(GateMarks.gates()).as("nobody is to be told yet").isEmpty();
    Subscription somebody = collection.subscribe(ours, new ProgramListener());
    assertThat(somebody).isNotNull();
    for (Path binary : binaries) {
      Conditions.await(
          "holding " + binary + ": " + collection.warnings(),
          () -> collection.heldBinaries().contains(binary) && GateMarks.has(binary));
    }
    return collection;
  }

  /** Notes for each container what its first process runs while the collection tells about it. */
  private static final class ProgramListener implements ContainerListener {
    private final ConcurrentLinkedQueue<String> programs = new ConcurrentLinkedQueue<>();

    @Override
    public void added(ContainerInfo container) {
      try {
        programs.add(Files.readString(Path.of("/proc/" + container.pid() + "/cmdline")));
      } catch (IOException e) {
        programs.add("gone: " + e);
      }
    }

    @Override
    public void removed(ContainerInfo container) {
      // Only births matter here.
    }
  }

  /** The ways in which runtimes are called. */
  enum Call {
    RUN,
    RUN_WITH_PID_FILE,
    RUN_IN_BUNDLE,
    CREATE_AND_START,
    BUNDLE_BY_LINK,
    WITHOUT_PIVOT,
    CREATE_WITHOUT_PIVOT_AND_START
  }

  private void start(Call call, String id, Path bundle) throws Exception {
    String program = runc.toString();
    Path pidFile = folder.resolve(id + ".pid");
    Path link = folder.resolve(id + ".link");
    switch (call) {
      case RUN -> Commands.run(folder, program, "run", "-d", "-b", bundle.toString(), id);
      case RUN_WITH_PID_FILE ->
          Commands.run(
              folder, program, "run", "-d", "--pid-file", "" + pidFile, "--bundle=" + bundle, id);
      case RUN_IN_BUNDLE -> Commands.run(bundle, program, "run", "--detach", id);
      case CREATE_AND_START -> {
        Commands.run(folder, program, "create", "--bundle", bundle.toString(), id);
        Commands.run(folder, program, "start", id);
      }
      case WITHOUT_PIVOT ->
          Commands.run(folder, program, "run", "-d", "--no-pivot", "-b", bundle.toString(), id);
      case CREATE_WITHOUT_PIVOT_AND_START -> {
        Commands.run(folder, program, "create", "--no-pivot", "-b", bundle.toString(), id);
        Commands.run(folder, program, "start", id);
      }
      case BUNDLE_BY_LINK -> {
        Files.createSymbolicLink(link, bundle);
        Commands.run(folder, program, "run", "--detach", "--bundle", link.toString(), id);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void tellsOfAContainerBeforeItsProgramIsExecuted(Call call) throws Exception {
    ProgramListener programs = new ProgramListener();
    try (ContainerCollection collection = holding(runc);
        Subscription first = collection.subscribe(ours, programs);
        Subscription second = collection.subscribe(ours, listener)) {
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
      String id = id("one");
      start(call, id, bundle("one", SLEEP).folder());
      ContainerInfo container = listener.await("added", id).container();
      assertThat(programs.programs).hasSize(1).first().asString().contains("init");
      Path commandLine = Path.of("/proc/" + container.pid() + "/cmdline");
      Conditions.await("executing", () -> Files.readString(commandLine).contains("sleep"));
      assertThat(container.runtime().runtimeName()).isEqualTo("runc");
      assertThat(container.bundle()).startsWith(folder.toString());
      assertThat(container.mountNs().uniqueId()).isNotZero();
      assertThat(container.cgroup().path()).endsWith("/" + id);
      assertThat(collection.byMountNs(container.mountNs().inode(), 0)).isEqualTo(container);
      Commands.run(folder, runc.toString(), "delete", "--force", id);
      listener.await("removed", id);
      assertThat(collection.warnings()).isEmpty();
      assertThat(GateMarks.has(folder.resolve("rootfs"))).isFalse();
      assertThat(GateMarks.all()).as("only the runtime's").hasSize(1);
    }
  }

  @Test
  void tellsWhichOfSeveralCreatedWithoutPivotBegins() throws Exception {
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Path bundle = bundle("shared", SLEEP).folder();
      List<String> ids = List.of(id("first"), id("deleted"), id("last"));
      for (String id : ids) {
        Commands.run(folder, runc.toString(), "create", "--no-pivot", "-b", bundle.toString(), id);
      }
      Commands.run(folder, runc.toString(), "delete", "--force", ids.get(1));
      assertThat(listener.all()).as("none has begun").isEmpty();
      for (String id : List.of(ids.getLast(), ids.getFirst())) {
        Commands.run(folder, runc.toString(), "start", id);
        ContainerInfo container = listener.await("added", id).container();
        Path state = Path.of("/run/runc", id, "state.json");
        assertThat(Files.readString(state))
            .contains("\"init_process_pid\":" + container.pid() + ",");
        assertThat(container.cgroup().path()).endsWith("/" + id);
      }
      assertThat(listener.all()).hasSize(2);
      assertThat(collection.warnings()).isEmpty();
    }
  }

  @Test
  void noticesEveryShortContainerOfTwoRuntimesAtOnce() throws Exception {
    Path other = copyRunc("crun");
    try (ContainerCollection collection = holding(runc, other);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Path bundle = bundle("short", TRUE).folder();
      List<Callable<String>> starts = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        String id = prefix + "short" + i;
        String program = (i % 2 == 0 ? runc : other).toString();
        Path log = Files.createDirectories(folder.resolve("logs" + i));
        starts.add(() -> {
          Commands.run(log, program, "run", "--bundle", bundle.toString(), id);
          return id;
        });
      }
      Set<String> ids = new HashSet<>();
      try (ExecutorService starters = Executors.newFixedThreadPool(AT_ONCE)) {
        for (Future<String> start : starters.invokeAll(starts)) {
          ids.add(start.get());
        }
      }
      Set<String> told = new HashSet<>();
      for (int i = 0; i < STARTS; i++) {
        told.add(listener.await("removed", container -> true).container().id());
      }
      assertThat(told).isEqualTo(ids);
      assertThat(listener.all()).hasSize(2 * STARTS);
      assertThat(collection.warnings()).isEmpty();
      assertThat(GateMarks.all()).hasSize(2);
    }
  }

  @Test
  void followsBinariesThatAreReplacedAndInstalled() throws Exception {
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      copyRunc("runc");
      Conditions.await("holding the new binary", () -> GateMarks.has(runc));
      String replaced = id("replaced");
      start(Call.RUN, replaced, bundle("replaced", SLEEP).folder());
      listener.await("added", replaced);
      Path installed = copyRunc("crun");
      Conditions.await("holding a new runtime", () -> GateMarks.has(installed));
      String second = id("second");
      Commands.run(
          bundle("second", SLEEP).folder(), installed.toString(), "run", "--detach", second);
      listener.await("added", second);
      assertThat(collection.heldBinaries()).containsExactly(installed, runc);
    }
  }

  @Test
  void holdsRuntimesNamedByTheUserAndNoOthers() throws Exception {
    Path mine = copyRunc("my-runtime");
    String unheld = id("unheld");
    String held = id("held");
    options = options.withRuntimesOnly(List.of(), List.of(mine.toString()));
    try (ContainerCollection collection = holding(mine);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      start(Call.RUN, unheld, bundle("unheld", SLEEP).folder());
      Commands.run(bundle("held", SLEEP).folder(), mine.toString(), "run", "--detach", held);
      ContainerInfo container = listener.await("added", held).container();
      assertThat(container.runtime().runtimeName()).isEqualTo("my-runtime");
      assertThat(listener.all()).hasSize(1);
    }
  }

  @Test
  void tellsOnceWhenBothMechanismsNotice() throws Exception {
    options = options.withMechanisms(true, true);
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id = id("both");
      start(Call.CREATE_AND_START, id, bundle("both", SLEEP).folder());
      ContainerInfo container = listener.await("added", id).container();
      Conditions.await(
          "identifying the newborn", () -> !collection.isPending(container.mountNs().inode()));
      String next = id("next");
      start(Call.RUN, next, bundle("next", SLEEP).folder());
      listener.await("added", next);
      assertThat(listener.all())
          .extracting(RecordingListener.Change::what)
          .containsExactly("added", "added");
    }
  }

  @Test
  void neverHoldsForASlowListenerAndSaysSo() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicLong late = new AtomicLong();
    ContainerListener slow =
        new ContainerListener() {
          @Override
          public void late(long count) {
            late.addAndGet(count);
          }

          @Override
          public void added(ContainerInfo container) {
            await(end);
          }

          @Override
          public void removed(ContainerInfo container) {
            await(end);
          }
        };
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, slow)) {
      assertThat(subscription).isNotNull();
      start(Call.RUN, id("slow"), bundle("slow", SLEEP).folder());
      start(Call.RUN, id("slow2"), bundle("slow2", SLEEP).folder());
      end.countDown();
      Conditions.await("counting that it was late", () -> late.get() > 0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void goesOnWithTheOtherMechanismWhenTheGateIsKilled() throws Exception {
    options = options.withMechanisms(true, true);
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      GateMarks.gates().forEach(ProcessHandle::destroyForcibly);
      Conditions.await("noticing it", () -> collection.heldBinaries().isEmpty());
      assertThat(collection.warnings()).anyMatch(warning -> warning.contains("has ended"));
      String id = id("after");
      start(Call.RUN, id, bundle("after", SLEEP).folder());
      listener.await("added", id);
    }
  }

  @Test
  void givesUpOnStartsThatComeToNothing() throws Exception {
    try (ContainerCollection collection = holding(runc);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Path broken = bundle("broken", List.of("/bin/none")).folder();
      String config = Files.readString(broken.resolve("config.json"));
      Files.writeString(
          broken.resolve("config.json"),
          config.replace("\"type\":\"tmpfs\"", "\"type\":\"no-fs\""));
      Process failing =
          Commands.start(
              folder, runc.toString(), "run", "-b", broken.toString(), prefix + "broken");
      assertThat(failing.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(failing.exitValue()).isNotZero();
      String id = id("good");
      start(Call.RUN, id, bundle("good", SLEEP).folder());
      listener.await("added", id);
      assertThat(GateMarks.has(folder.resolve("rootfs"))).isFalse();
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    holding(runc).close();
    assertThat(GateMarks.gates()).isEmpty();
    start(Call.RUN, id("unheld"), bundle("unheld", SLEEP).folder());
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("fanotify-"));
  }
}
