// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that come into a container in every way there is: each is traced under the name of the
 * container that it runs in, and under no other.
 */
@Tag("runtime")
@Timeout(180)
final class AttributionRuntimeTest {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final String OWN_PID = "{\"type\":\"pid\"},";

  /** What a runtime needs to run inside a container, whose bundle lies in this folder. */
  private static final String NODE_MOUNTS =
      """
      {"destination":"/usr","type":"bind","source":"/usr","options":["rbind","ro"]},
      {"destination":"/sys","type":"bind","source":"/sys","options":["rbind"]},
      {"destination":"/run","type":"tmpfs","source":"tmpfs"},
      {"destination":"/inner","type":"bind","source":"BUNDLE","options":["rbind"]},
      """;

  @TempDir Path folder;
  private final String prefix = "igattr-" + ProcessHandle.current().pid() + "-";
  private final NamedEvents events = new NamedEvents();
  private RuncContainers runc;
  private ContainerCollection containers;
  private GadgetRun run;

  @BeforeEach
  void startTracing() throws Exception {
    runc = new RuncContainers(folder);
    containers =
        ContainerCollection.start(
            HostFilesystem.ofEnvironment(), CollectionOptions.DEFAULTS.withMechanisms(true, false));
    ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));
    RunRequest request =
        new RunRequest(gadget("trace_exec"), Map.of(), ours, new RunLimits(0, 100, 0));
    run =
        new GadgetRunner(() -> containers, HostFilesystem.ofEnvironment(), "")
            .start(request, events);
    run.awaitAttached();
  }

  @AfterEach
  void stopTracing() throws Exception {
    try (RuncContainers _ = runc;
        ContainerCollection _ = containers;
        GadgetRun _ = run) {
      assertThat(containers.warnings()).isEmpty();
    }
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

  private String id(String name) {
    return prefix + name;
  }

  /** The first process of a container, as soon as the container is noticed. */
  private long pid(String id) {
    await("noticing " + id, () -> !withId(id).isEmpty());
    return withId(id).getFirst().pid();
  }

  private List<ContainerInfo> withId(String id) {
    return containers.containers().stream().filter(c -> c.id().equals(id)).toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(limitNs);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** The names under which programs with this word in their arguments were seen. */
  private List<String> namesOf(String word) {
    return events.all().stream()
        .filter(event -> event.getOrDefault("argv", "").contains(word))
        .map(event -> event.getOrDefault("runtime.containerName", ""))
        .toList();
  }

  /** Waits until a program is seen; all that were seen then must have one of these names. */
  private void awaitNamed(String word, String... names) {
    await("seeing " + word, () -> !namesOf(word).isEmpty());
    assertThat(namesOf(word)).isSubsetOf(names);
  }

  @Test
  void whoeverEntersAContainerIsOfTheContainer() throws Exception {
    runc.start(id("web"), OWN_PID, "");
    runc.start(id("db"), OWN_PID, "");
    runc.run("runc", "exec", id("web"), "/bin/busybox", "echo", "by-exec");
    awaitNamed("by-exec", id("web"));
    String pid = Long.toString(pid(id("db")));
    runc.run("nsenter", "-t", pid, "-m", "/bin/busybox", "echo", "by-mount");
    awaitNamed("by-mount", id("db"));
    runc.run("nsenter", "-t", pid, "-m", "-p", "/bin/busybox", "echo", "by-both");
    awaitNamed("by-both", id("db"));
    runc.run("nsenter", "-t", pid, "-p", "/bin/busybox", "echo", "by-pid-only");
    runc.run("runc", "exec", id("web"), "/bin/busybox", "echo", "at-the-end");
    awaitNamed("at-the-end", id("web"));
    assertThat(namesOf("by-pid-only")).as("it sees the host's files").isEmpty();
  }

  @Test
  void whoeverLeavesForItsOwnNamespaceStaysOfTheContainer() throws Exception {
    runc.start(id("maker"), OWN_PID, "");
    String[] unshare = {"/bin/busybox", "unshare", "-m", "/bin/busybox", "echo", "unshared"};
    runc.run(
        Stream.concat(Stream.of("runc", "exec", id("maker")), Stream.of(unshare))
            .toArray(String[]::new));
    awaitNamed("unshared", id("maker"));
    runc.run(
        "runc",
        "exec",
        id("maker"),
        "/bin/busybox",
        "unshare",
        "-m",
        "/bin/busybox",
        "unshare",
        "-m",
        "/bin/busybox",
        "echo",
        "twice");
    awaitNamed("echotwice", id("maker"));
    assertThat(containers.containers()).filteredOn(c -> c.id().startsWith(prefix)).hasSize(1);
  }

  @Test
  void containersThatShareNamespacesAreTwo() throws Exception {
    runc.start(id("first"), OWN_PID + "{\"type\":\"network\"},", "");
    String shared =
        ("{\"type\":\"pid\",\"path\":\"/proc/%d/ns/pid\"},"
                + "{\"type\":\"network\",\"path\":\"/proc/%d/ns/net\"},")
            .formatted(pid(id("first")), pid(id("first")));
    runc.start(id("second"), shared, "");
    runc.run("runc", "exec", id("first"), "/bin/busybox", "echo", "in-first");
    runc.run("runc", "exec", id("second"), "/bin/busybox", "echo", "in-second");
    awaitNamed("in-first", id("first"));
    awaitNamed("in-second", id("second"));
    List<ContainerInfo> both =
        containers.containers().stream().filter(c -> c.id().startsWith(prefix)).toList();
    assertThat(both).hasSize(2);
    assertThat(both.get(0).netNsId()).isEqualTo(both.get(1).netNsId());
  }

  @Test
  void containersWithTheHostsProcessesAreNotTheHost() throws Exception {
    runc.start(id("hostpid"), "", "");
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid(id("hostpid")) + "/ns/pid")))
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
    runc.run("runc", "exec", id("hostpid"), "/bin/busybox", "echo", "in-hostpid");
    runc.run("/bin/busybox", "echo", "on-the-host");
    awaitNamed("in-hostpid", id("hostpid"));
    assertThat(namesOf("on-the-host")).isEmpty();
  }

  /** A bundle that a runtime in the node finds, of a container that only says a word. */
  private void innerBundle(String word) throws IOException {
    Path bundle = runc.bundle("bundle", "\"/bin/busybox\",\"echo\",\"" + word + "\"", OWN_PID, "");
    Path config = bundle.resolve("config.json");
    String text = Files.readString(config).replace(folder.resolve("rootfs").toString(), "rootfs");
    Files.writeString(config, text);
    for (String directory : List.of("bin", "proc", "dev")) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), bundle.resolve("rootfs/bin/busybox"));
  }

  private void startNode() throws Exception {
    runc.start(
        id("node"), OWN_PID, NODE_MOUNTS.replace("BUNDLE", folder.resolve("bundle").toString()));
  }

  @Test
  void aContainerInAContainerHasItsOwnName() throws Exception {
    String inner = id("inner");
    innerBundle("in-inner");
    startNode();
    runc.run("runc", "exec", id("node"), "/usr/sbin/runc", "run", "--bundle", "/inner", inner);
    awaitNamed("echoin-inner", inner);
    awaitNamed("--bundle/inner", id("node"));
  }

  @Test
  void aContainerOfAnUnknownRuntimeInAContainerIsNobodyElses() throws Exception {
    innerBundle("in-unknown");
    Path copy = Files.copy(Path.of("/usr/sbin/runc"), folder.resolve("bundle/own-runtime"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    startNode();
    String inner = id("inner");
    runc.run("runc", "exec", id("node"), "/inner/own-runtime", "run", "--bundle", "/inner", inner);
    awaitNamed("echoin-unknown", inner, id("node"));
  }
}
