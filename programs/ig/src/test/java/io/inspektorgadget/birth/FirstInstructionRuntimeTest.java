// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Containers whose only act has a name of its own: one opens a file that is not there, one executes
 * a program. Each must be seen, under its container's name, whichever mechanism notices it. The
 * runtime is a copy of runc, so that no other start is held.
 */
@Tag("runtime")
@Timeout(120)
final class FirstInstructionRuntimeTest {
  private static final String LATE = LossReport.Stage.LATE_START.name();
  private static final int CONTAINERS = 5;
  private static final int STARTS = 200;
  private static final int AT_ONCE = 4;
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final long COMMAND_LIMIT_SECONDS = 60;
  private static final String CONTAINER_NAME = "runtime.containerName";

  @TempDir Path folder;
  private Path runc = Path.of("");
  private final String prefix = "igfirst-" + ProcessHandle.current().pid() + "-";

  @BeforeEach
  void makeRuntimeAndRoot() throws IOException {
    runc = Files.createDirectory(folder.resolve("runtimes")).resolve("runc");
    Files.copy(Path.of("/usr/sbin/runc"), runc);
    assertThat(runc.toFile().setExecutable(true)).isTrue();
    for (String directory : List.of("bin", "proc", "dev")) {
      Files.createDirectories(folder.resolve("rootfs").resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), folder.resolve("rootfs/bin/busybox"));
  }

  private Path bundle(String id, List<String> args) throws IOException {
    Path bundle = Files.createDirectory(folder.resolve(id));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion":"1.0.2",
         "process":{"terminal":false,"user":{"uid":0,"gid":0},"args":["%s"],
          "env":["PATH=/bin"],"cwd":"/"},
         "root":{"path":"%s"},"hostname":"busybox",
         "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
          {"destination":"/dev","type":"tmpfs","source":"tmpfs"}],
         "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"ipc"}]}}
        """
            .formatted(String.join("\",\"", args), folder.resolve("rootfs")));
    return bundle;
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(runc.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    assertThat(process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).as("what runc says").doesNotContain("level=error");
  }

  private void runToItsEnd(String id) throws IOException, InterruptedException {
    Path bundle = bundle(id, List.of("/bin/busybox", "cat", "/only-" + id));
    run("run", "--bundle", bundle.toString(), id);
  }

  /** Numbers of namespaces are given again at once, so a name could be that of another one. */
  @ParameterizedTest(name = "lineage {0}, held {1}")
  @CsvSource({"true, false", "false, true"})
  void everyShortContainerHasItsOwnName(boolean follows, boolean holds) throws Exception {
    NamedEvents events = new NamedEvents();
    ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));
    RunRequest request =
        new RunRequest(gadget("trace_open"), Map.of(), ours, new RunLimits(0, 100, 0));
    List<String> ids = IntStream.range(0, STARTS).mapToObj(i -> prefix + i).toList();
    try (ContainerCollection containers = collection(follows, holds);
        GadgetRun run =
            new GadgetRunner(() -> containers, HostFilesystem.ofEnvironment(), "")
                .start(request, events);
        ExecutorService starters = Executors.newFixedThreadPool(AT_ONCE)) {
      run.awaitAttached();
      await("holding", () -> !holds || containers.heldBinaries().contains(runc));
      List<Callable<String>> starts = new ArrayList<>();
      for (String id : ids) {
        starts.add(() -> {
          runToItsEnd(id);
          return id;
        });
      }
      for (Future<String> start : starters.invokeAll(starts)) {
        start.get();
      }
      awaitNames(events, containers);
      assertThat(namedOf(events)).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  /** Returns without them when the time is over: whoever compares then says which are missing. */
  private void awaitNames(NamedEvents events, ContainerCollection containers) {
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (namedOf(events).size() < STARTS && System.nanoTime() - limitNs < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(containers.warnings()).isEmpty();
    // A start that waited for 200 ms on a busy machine is told as late; nothing else may be lost.
    assertThat(events.all())
        .as("losses")
        .noneMatch(event -> event.containsKey("loss") && !event.get("loss").contains(LATE));
  }

  /** The containers that opened the file of their name; one entry for each such event. */
  private List<String> namedOf(NamedEvents events) {
    List<String> named = new ArrayList<>();
    for (Map<String, String> event : events.all()) {
      String file = event.getOrDefault("fname", "");
      if (file.startsWith("/only-")) {
        assertThat(event).containsEntry(CONTAINER_NAME, file.substring("/only-".length()));
        named.add(file.substring("/only-".length()));
      }
    }
    return named;
  }

  private static GadgetSpec gadget(String name) throws IOException {
    try (InputStream in = Catalog.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(in).gadgets().stream()
          .filter(gadget -> gadget.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private ContainerCollection collection(boolean follows, boolean holds) {
    CollectionOptions options =
        CollectionOptions.DEFAULTS
            .withRuntimesOnly(List.of(folder.resolve("runtimes").toString()), List.of())
            .withMechanisms(follows, holds);
    return ContainerCollection.start(HostFilesystem.ofEnvironment(), options);
  }

  private interface Condition {
    boolean isTrue();
  }

  private static void await(String what, Condition condition) {
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (!condition.isTrue()) {
      assertThat(System.nanoTime()).as(what).isLessThan(limitNs);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @ParameterizedTest(name = "{0}, lineage {3}, held {4}")
  @CsvSource({
    "trace_open, cat, fname, true, false",
    "trace_open, cat, fname, false, true",
    "trace_open, cat, fname, true, true",
    "trace_exec, echo, argv, true, false",
    "trace_exec, echo, argv, false, true",
    "trace_exec, echo, argv, true, true"
  })
  void firstActIsSeen(String name, String applet, String field, boolean follows, boolean holds)
      throws Exception {
    NamedEvents events = new NamedEvents();
    ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));
    RunRequest request = new RunRequest(gadget(name), Map.of(), ours, new RunLimits(0, 100, 0));
    try (ContainerCollection containers = collection(follows, holds);
        GadgetRun run =
            new GadgetRunner(() -> containers, HostFilesystem.ofEnvironment(), "")
                .start(request, events)) {
      run.awaitAttached();
      await("holding", () -> !holds || containers.heldBinaries().contains(runc));
      for (int i = 0; i < CONTAINERS; i++) {
        String id = prefix + i;
        Path bundle = bundle(id, List.of("/bin/busybox", applet, "/only-" + id));
        run("run", "--bundle", bundle.toString(), id);
        await(
            "seeing what " + id + " does; warnings: " + containers.warnings(),
            () ->
                events.all().stream()
                    .anyMatch(event ->
                        event.getOrDefault(field, "").contains("/only-" + id)
                            && event.getOrDefault(CONTAINER_NAME, "").equals(id)));
      }
      assertThat(containers.warnings()).isEmpty();
      // Everything else that was seen belongs to the same containers.
      assertThat(events.all())
          .allMatch(event -> event.getOrDefault(CONTAINER_NAME, "").startsWith(prefix));
    }
  }
}
