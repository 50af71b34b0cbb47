// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.RecordingListener.Change;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers, started by runc and noticed by the kernel program alone. */
@Tag("runtime")
class RuncRuntimeTest {
  private static final int STARTS = 200;
  private static final int AT_ONCE = 4;
  private static final int DEATHS = 10;
  private static final String PID_FILE = "init.pid";
  private static final long DEATH_NOTICE_MAX_NS = 500_000_000;
  private static final long DEATH_NOTICE_MEDIAN_MAX_NS = 50_000_000;
  private static final List<String> SLEEP = List.of("/bin/busybox", "sleep", "1000");
  private static final String UNSHARE_SLEEP = "/bin/busybox unshare -m /bin/busybox sleep 1000";
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));
  private static final CollectionOptions FOLLOWING =
      CollectionOptions.DEFAULTS.withMechanisms(true, false);

  @TempDir Path folder;
  private final String prefix = "igtest-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  @AfterEach
  void deleteContainers() throws Exception {
    for (String id : started) {
      Commands.run(folder, "runc", "delete", "--force", id);
    }
  }

  private String id(String name) {
    return prefix + name;
  }

  /** Starts a container that stays. */
  private String start(String name, List<String> args, Map<String, String> annotations)
      throws Exception {
    BusyboxBundle bundle = BusyboxBundle.make(folder, name, args, annotations);
    started.add(id(name));
    Commands.run(bundle.folder(), "runc", "run", "--detach", "--pid-file", PID_FILE, id(name));
    return id(name);
  }

  private long pid(String name) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(name).resolve(PID_FILE)));
  }

  private static ContainerCollection collection() {
    ContainerCollection collection = ContainerCollection.start(HOST, FOLLOWING);
    assertThat(collection.warnings()).isEmpty();
    assertThat(collection.newbornMap()).isNotNull();
    return collection;
  }

  @Test
  void findsContainerThatRunsAlready() throws Exception {
    String id = start("old", SLEEP, Map.of("io.kubernetes.cri.container-name", "web"));
    try (ContainerCollection collection = collection()) {
      ContainerInfo found =
          collection.containers().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
      assertThat(found.runtime().name()).isEqualTo("web");
      assertThat(found.bundle()).isEqualTo(folder.resolve("old").toString());
      assertThat(found.mountNs().uniqueId()).isNotZero();
      assertThat(found.cgroup().path()).endsWith("/" + id);
      assertThat(found.runtime().startedAtNs()).isPositive();
      assertThat(collection.byCgroup(found.cgroup().id())).isEqualTo(found);
      assertThat(collection.byNetNs(found.netNsId())).isEqualTo(found);
      assertThat(collection.byMountNs(found.mountNs().inode(), found.mountNs().uniqueId()))
          .isEqualTo(found);
      assertThat(collection.byMountNs(found.mountNs().inode(), 1)).isNull();
    }
  }

  @Test
  void namesContainersFromTheirBundle() throws Exception {
    Map<String, String> annotations =
        Map.of(
            "io.kubernetes.cri.container-type", "container",
            "io.kubernetes.cri.container-name", prefix + "nginx",
            "io.kubernetes.cri.image-name", "docker.io/library/nginx:1",
            "io.kubernetes.cri.sandbox-name", "web-0",
            "io.kubernetes.cri.sandbox-namespace", "shop");
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id = start("named", SLEEP, annotations);
      ContainerInfo container = listener.await("added", id).container();
      assertThat(container.name()).isEqualTo(prefix + "nginx");
      assertThat(container.runtime().runtimeName()).isEqualTo("containerd");
      assertThat(container.runtime().imageName()).isEqualTo("docker.io/library/nginx:1");
      assertThat(container.pod().podName()).isEqualTo("web-0");
      assertThat(container.pod().namespace()).isEqualTo("shop");
      assertThat(container.bundle()).isEqualTo(folder.resolve("named").toString());
    }
  }

  @Test
  void leavesOutSandboxes() throws Exception {
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      start("pause", SLEEP, Map.of("io.kubernetes.cri.container-type", "sandbox"));
      String id = start("after", SLEEP, Map.of());
      ContainerInfo container = listener.await("added", id).container();
      assertThat(listener.all()).hasSize(1);
      long sandbox = new HostProcesses(HOST).mountNs(pid("pause"));
      assertThat(collection.isNoContainer(sandbox, 0)).isTrue();
      assertThat(collection.isNoContainer(container.mountNs().inode(), 0)).isFalse();
    }
  }

  @Test
  void noticesEveryShortContainer() throws Exception {
    int fdsBefore = openFds();
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      BusyboxBundle bundle =
          BusyboxBundle.make(folder, "short", List.of("/bin/busybox", "true"), Map.of());
      int fdsWhileIdle = fdsOfNoMember(collection);
      try (ExecutorService starters = Executors.newFixedThreadPool(AT_ONCE)) {
        List<Callable<String>> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
          String id = id("short" + i);
          Path log = Files.createDirectories(folder.resolve("logs" + i));
          starts.add(() -> {
            Commands.run(log, "runc", "run", "--bundle", bundle.folder().toString(), id);
            return id;
          });
        }
        for (Future<String> start : starters.invokeAll(starts)) {
          start.get();
        }
      }
      Set<String> added = new HashSet<>();
      Set<Long> uniqueIds = new HashSet<>();
      for (int i = 0; i < STARTS; i++) {
        Change removed = listener.await("removed", container -> true);
        added.add(removed.container().id());
        uniqueIds.add(removed.container().mountNs().uniqueId());
      }
      assertThat(added).hasSize(STARTS).contains(id("short0"), id("short" + (STARTS - 1)));
      assertThat(uniqueIds).hasSize(STARTS);
      assertThat(listener.all()).hasSize(2 * STARTS);
      assertThat(collection.warnings()).isEmpty();
      ContainerInfo last = listener.all().getLast().container();
      awaitTrue(() -> !collection.isPending(last.mountNs().inode()));
      assertThat(collection.byMountNs(last.mountNs().inode(), last.mountNs().uniqueId()))
          .as("an identity stays for late events")
          .isEqualTo(last);
      awaitTrue(
          () -> collection.byMountNs(last.mountNs().inode(), last.mountNs().uniqueId()) == null);
      awaitTrue(() -> fdsOfNoMember(collection) <= fdsWhileIdle);
    }
    assertThat(openFds()).isLessThanOrEqualTo(fdsBefore + 1);
  }

  @Test
  void noticesCreatedContainerAtItsStart() throws Exception {
    BusyboxBundle bundle = BusyboxBundle.make(folder, "two", SLEEP, Map.of());
    String id = id("two");
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      started.add(id);
      Commands.run(
          folder, "runc", "create", "--bundle", bundle.folder().toString(), "--pid-file", "p", id);
      assertThat(listener.all()).isEmpty();
      Commands.run(folder, "runc", "start", id);
      ContainerInfo container = listener.await("added", id).container();
      assertThat(container.pid()).isEqualTo(Long.parseLong(Files.readString(folder.resolve("p"))));
      assertThat(container.bundle()).isEqualTo(bundle.folder().toString());
    }
  }

  @Test
  void countsProcessThatEntersAsTheContainers() throws Exception {
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id = start("entered", SLEEP, Map.of());
      listener.await("added", id);
      Commands.run(folder, "runc", "exec", id, "/bin/busybox", "true");
      String next = start("entered2", SLEEP, Map.of());
      listener.await("added", next);
      assertThat(listener.all()).extracting(Change::what).containsExactly("added", "added");
    }
  }

  @Test
  void passesIdentityOnToNamespacesMadeInside() throws Exception {
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id =
          start(
              "nested",
              List.of("/bin/busybox", "sh", "-c", UNSHARE_SLEEP + "; /bin/busybox true"),
              Map.of());
      ContainerInfo container = listener.await("added", id).container();
      ContainerInfo inner = listener.await("namespaceAdded", id).container();
      assertThat(inner.mountNs().inode()).isNotEqualTo(container.mountNs().inode());
      assertThat(collection.byMountNs(inner.mountNs().inode(), inner.mountNs().uniqueId()))
          .isEqualTo(inner);
      assertThat(collection.containers()).filteredOn(c -> c.id().equals(id)).hasSize(1);
      Commands.run(folder, "runc", "delete", "--force", id);
      listener.await("namespaceRemoved", id);
    }
  }

  @Test
  void keepsContainerWhoseFirstProcessMovesToAnotherNamespace() throws Exception {
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id = start("moved", List.of(UNSHARE_SLEEP.split(" ", -1)), Map.of());
      listener.await("added", id);
      ContainerInfo inner = listener.await("namespaceAdded", id).container();
      assertThat(collection.byMountNs(inner.mountNs().inode(), 0)).isEqualTo(inner);
      assertThat(collection.containers()).filteredOn(c -> c.id().equals(id)).hasSize(1);
    }
  }

  @Test
  void noticesContainersOfUnregisteredRuntimes() throws Exception {
    Path copy = folder.resolve("other-runtime");
    Files.copy(Path.of("/usr/sbin/runc"), copy);
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      BusyboxBundle bundle = BusyboxBundle.make(folder, "foreign", SLEEP, Map.of());
      String id = id("foreign");
      started.add(id);
      Commands.run(bundle.folder(), copy.toString(), "run", "--detach", id);
      ContainerInfo container = listener.await("added", id).container();
      assertThat(container.bundle()).isEqualTo(bundle.folder().toString());
    }
  }

  @Test
  void followsRuntimesNamedByTheUser() throws Exception {
    Path copy = folder.resolve("my-runtime");
    Files.copy(Path.of("/usr/sbin/runc"), copy);
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    CollectionOptions options = FOLLOWING.withRuntimePaths(List.of(copy.toString()));
    try (ContainerCollection collection = ContainerCollection.start(HOST, options);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      BusyboxBundle bundle = BusyboxBundle.make(folder, "own", SLEEP, Map.of());
      String id = id("own");
      started.add(id);
      Commands.run(
          folder, copy.toString(), "run", "--detach", "--bundle", bundle.folder().toString(), id);
      ContainerInfo container = listener.await("added", id).container();
      assertThat(container.runtime().runtimeName()).isEqualTo("my-runtime");
    }
  }

  @Test
  void noticesDeathSoon() throws Exception {
    List<Long> delaysNs = new ArrayList<>();
    try (ContainerCollection collection = collection();
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      for (int i = 0; i < DEATHS; i++) {
        String id = start("dying" + i, SLEEP, Map.of());
        ContainerInfo container = listener.await("added", id).container();
        long killedAtNs = System.nanoTime();
        ProcessHandle.of(container.pid()).orElseThrow().destroyForcibly();
        delaysNs.add(listener.await("removed", id).atNs() - killedAtNs);
        assertThat(collection.containers()).noneMatch(c -> c.id().equals(id));
      }
    }
    delaysNs.sort(null);
    assertThat(delaysNs).allMatch(delay -> delay < DEATH_NOTICE_MAX_NS);
    assertThat(delaysNs.get(DEATHS / 2)).isLessThan(DEATH_NOTICE_MEDIAN_MAX_NS);
  }

  @Test
  void keepsNameOfDeadContainerUntilEveryReaderIsThrough() throws Exception {
    try (ContainerCollection collection = collection();
        ReadingProgress slow = collection.followReading();
        ReadingProgress sleeping = collection.followReading();
        Subscription subscription = collection.subscribe(ours, listener)) {
      sleeping.idle(true);
      ContainerInfo container = runToItsEnd("read-late");
      long endedNs = System.nanoTime();
      awaitTrue(() -> System.nanoTime() - endedNs > 2 * Roster.REMEMBERED_MS * 1_000_000);
      assertThat(collection.byMountNs(container.mountNs().inode(), container.mountNs().uniqueId()))
          .isEqualTo(container);

      slow.caughtUp(System.nanoTime());

      awaitTrue(() ->
          collection.byMountNs(container.mountNs().inode(), container.mountNs().uniqueId())
              == null);
      assertThat(subscription).isNotNull();
    }
  }

  private ContainerInfo runToItsEnd(String name) throws Exception {
    String id = start(name, List.of("/bin/busybox", "true"), Map.of());
    return listener.await("removed", id).container();
  }

  @Test
  void tellsNothingAfterSubscriptionIsClosed() throws Exception {
    RecordingListener other = new RecordingListener();
    try (ContainerCollection collection = collection()) {
      Subscription first = collection.subscribe(ours, listener);
      try (Subscription second = collection.subscribe(ContainerSelector.ALL_CONTAINERS, other)) {
        assertThat(second).isNotNull();
        first.close();
        first.close();
        other.await("added", start("unheard", SLEEP, Map.of()));
        assertThat(listener.all()).isEmpty();
      }
    }
  }

  @Test
  void worksWithoutBirths() throws Exception {
    String id = start("plain", SLEEP, Map.of());
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, CollectionOptions.DEFAULTS.withoutBirths())) {
      assertThat(collection.newbornMap()).isNull();
      assertThat(collection.containers()).anyMatch(c -> c.id().equals(id));
    }
  }

  @Test
  void leavesNothingOpen() throws IOException {
    collection().close();
    int fds = openFds();
    Set<Thread> threads = Thread.getAllStackTraces().keySet();
    for (int i = 0; i < DEATHS; i++) {
      ContainerCollection collection = collection();
      collection.close();
      collection.close();
    }
    assertThat(openFds()).isEqualTo(fds);
    assertThat(Thread.getAllStackTraces().keySet())
        .allMatch(thread -> threads.contains(thread) || !thread.getName().equals("containers"));
  }

  /** Whatever else runs on this machine meanwhile has a descriptor for its process and its pin. */
  private static int fdsOfNoMember(ContainerCollection collection) {
    try {
      return openFds() - 2 * collection.containers().size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Descriptors that the collection could have opened; the JVM opens jars and pipes as it likes.
   */
  private static int openFds() throws IOException {
    int count = 0;
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      for (Path fd : fds.toList()) {
        String target = target(fd);
        if (target.startsWith("anon_inode:") || target.startsWith("mnt:")) {
          count++;
        }
      }
    }
    return count;
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      // The descriptor with which the folder is listed is gone by now.
      return "";
    }
  }

  /** Looks again and again; at most ten seconds. */
  private static void awaitTrue(java.util.function.BooleanSupplier condition) {
    long limitNs = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > limitNs) {
        throw new AssertionError("waiting for a condition: not true after ten seconds");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }
}
