// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.RecordingListener.Change;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers that end at the worst moment, in great numbers, or whose numbers are used again. */
@Tag("runtime")
@Timeout(180)
class RacesRuntimeTest {
  private static final int MANY = 200;
  private static final int SHORT = 40;
  private static final int AT_ONCE = 4;
  private static final int TRIES = 200;

  /** Ten times as long as the notice of a death may take. */
  private static final long NOTICE_MAX_NS = 500_000_000;

  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));
  private static final List<String> SLEEP = List.of("/bin/busybox", "sleep", "1000");

  @TempDir Path folder;
  private final String prefix = "igrace-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final List<ProcessHandle> sleepers = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  @AfterEach
  void deleteContainers() throws Exception {
    sleepers.forEach(ProcessHandle::destroyForcibly);
    inParallel(
        started.stream()
            .<Callable<String>>map(id ->
                () -> {
                  runc(Files.createDirectories(folder.resolve("delete-" + id)), "delete", "-f", id);
                  return id;
                })
            .toList());
  }

  private static void runc(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("runc"));
    command.addAll(List.of(arguments));
    Commands.run(directory, command.toArray(new String[0]));
  }

  private static void inParallel(List<Callable<String>> actions) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<String> action : threads.invokeAll(actions)) {
        assertThat(action.get()).isNotEmpty();
      }
    }
  }

  private static ContainerCollection collection(boolean follows, boolean holds) {
    return ContainerCollection.start(
        HOST, CollectionOptions.DEFAULTS.withMechanisms(follows, holds));
  }

  private ContainerInfo start(String name, List<String> args) throws Exception {
    Path bundle = BusyboxBundle.make(folder, name, args, Map.of()).folder();
    started.add(prefix + name);
    runc(bundle, "run", "--detach", prefix + name);
    return listener.await("added", prefix + name).container();
  }

  @Test
  void hundredsThatEndAtOnceAreEachToldOnceAndSoon() throws Exception {
    try (ContainerCollection collection = collection(true, false);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Path bundle = BusyboxBundle.make(folder, "many", SLEEP, Map.of()).folder();
      List<String> ids = IntStream.range(0, MANY).mapToObj(i -> prefix + i).toList();
      started.addAll(ids);
      inParallel(
          ids.stream()
              .<Callable<String>>map(id ->
                  () -> {
                    Path log = Files.createDirectory(folder.resolve(id));
                    runc(log, "run", "--detach", "--bundle", bundle.toString(), id);
                    return id;
                  })
              .toList());
      List<ProcessHandle> first = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        ContainerInfo container = listener.await("added", any -> true).container();
        first.add(ProcessHandle.of(container.pid()).orElseThrow());
      }
      Map<Long, Long> endedNs = new HashMap<>();
      first.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle process : first) {
        // Sooner than it was noticed here, so the notice took less than is measured.
        process.onExit().get(1, TimeUnit.MINUTES);
        endedNs.put(process.pid(), System.nanoTime());
      }
      List<Change> ends = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        ends.add(listener.await("removed", any -> true));
      }
      assertThat(ends.stream().map(end -> end.container().id()).toList())
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(ends)
          .allSatisfy(end ->
              assertThat(end.atNs() - endedNs.getOrDefault(end.container().pid(), 0L))
                  .isLessThan(NOTICE_MAX_NS));
      assertThat(collection.containers()).noneMatch(c -> c.id().startsWith(prefix));
      assertThat(listener.all()).hasSize(2 * MANY);
      assertThat(collection.warnings()).isEmpty();
    }
  }

  @ParameterizedTest(name = "lineage {0}, held {1}")
  @CsvSource({"true, false", "true, true"})
  void thoseGoneBeforeTheirPidFileIsWrittenAreToldUnderTheirNames(boolean follows, boolean holds)
      throws Exception {
    try (ContainerCollection collection = collection(follows, holds);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Path bundle =
          BusyboxBundle.make(folder, "short", List.of("/bin/busybox", "true"), Map.of()).folder();
      List<String> ids = IntStream.range(0, SHORT).mapToObj(i -> prefix + i).toList();
      inParallel(
          ids.stream()
              .<Callable<String>>map(id ->
                  () -> {
                    Path log = Files.createDirectory(folder.resolve(id));
                    String pidFile = log.resolve("pid").toString();
                    runc(log, "run", "--pid-file", pidFile, "--bundle", bundle.toString(), id);
                    return id;
                  })
              .toList());
      List<String> ended = new ArrayList<>();
      for (int i = 0; i < SHORT; i++) {
        ended.add(listener.await("removed", any -> true).container().id());
      }
      assertThat(ended).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(listener.all()).hasSize(2 * SHORT);
      assertThat(listener.all())
          .allSatisfy(
              change -> assertThat(change.container().bundle()).isEqualTo(bundle.toString()));
    }
  }

  /** Its birth is told when it has ended, and somebody else has its number. */
  @Test
  void oneWhoseNumberAnotherProcessHasByNowIsToldToHaveEnded() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    BlockingListener blocking = new BlockingListener(end);
    try (ContainerCollection collection = collection(true, false);
        Subscription subscription = collection.subscribe(ours, listener);
        Subscription slow =
            collection.subscribe(
                ContainerSelector.ofNames(ValueList.parse(prefix + "block")), blocking)) {
      assertThat(subscription).isNotNull();
      assertThat(slow).isNotNull();
      start("block", SLEEP);
      assertThat(blocking.reached.await(20, TimeUnit.SECONDS)).isTrue();
      Path pidFile = folder.resolve("pid");
      Path bundle = BusyboxBundle.make(folder, "reused", SLEEP, Map.of()).folder();
      started.add(prefix + "reused");
      runc(bundle, "run", "--detach", "--pid-file", pidFile.toString(), prefix + "reused");
      long pid = Long.parseLong(Files.readString(pidFile));
      runc(folder, "delete", "--force", prefix + "reused");
      Conditions.await("reaping " + pid, () -> !Files.exists(Path.of("/proc/" + pid)));
      ProcessHandle other = withNumber(pid);
      end.countDown();
      ContainerInfo told = listener.await("added", prefix + "reused").container();
      assertThat(told.pid()).isEqualTo(pid);
      listener.await("removed", prefix + "reused");
      assertThat(other.isAlive()).isTrue();
      assertThat(collection.containers()).noneMatch(c -> c.pid() == pid);
      started.remove(prefix + "reused");
    }
  }

  /** Stands in the way of everything that the collection does. */
  private static final class BlockingListener implements ContainerListener {
    private final CountDownLatch end;
    private final CountDownLatch reached = new CountDownLatch(1);

    BlockingListener(CountDownLatch end) {
      this.end = end;
    }

    @Override
    public void added(ContainerInfo container) {
      reached.countDown();
      try {
        assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void removed(ContainerInfo container) {
      // Only the birth stands in the way.
    }
  }

  /** A process that is given this number, which nobody has. */
  private ProcessHandle withNumber(long pid) throws IOException {
    String script =
        "for try in $(seq "
            + TRIES
            + "); do echo "
            + (pid - 1)
            + " >/proc/sys/kernel/ns_last_pid; sleep 1000 & [ $! = "
            + pid
            + " ] && { echo $!; exec sleep 1000; }; kill $!; done; echo 0";
    Process shell = new ProcessBuilder("sh", "-c", script).start();
    sleepers.add(shell.toHandle());
    try (var lines = shell.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("" + pid);
    }
    ProcessHandle sleeper = ProcessHandle.of(pid).orElseThrow();
    assertThat(sleeper.parent()).contains(shell.toHandle());
    sleepers.add(sleeper);
    return sleeper;
  }
}
