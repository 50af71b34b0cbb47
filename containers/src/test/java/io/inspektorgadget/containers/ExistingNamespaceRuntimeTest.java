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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mount namespaces that are there when a collection starts and that no runtime explains. */
@Tag("runtime")
class ExistingNamespaceRuntimeTest {
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  /** With that of the shell that makes the others. */
  private static final int MANY = 301;

  private static final long LIMIT_NS = 20_000_000_000L;
  private static final long PAUSE_NS = 10_000_000;

  @TempDir Path folder;
  private final String prefix = "igtest-ns-" + ProcessHandle.current().pid() + "-";
  private Path rootfs = Path.of("/");

  @BeforeEach
  void makeRootFileSystem() throws IOException {
    BusyboxBundle.make(folder, "unused", List.of("/bin/busybox"), Map.of());
    rootfs = folder.resolve("rootfs");
  }

  private static Optional<ContainerInfo> in(ContainerCollection collection, long mountNs) {
    return collection.containers().stream().filter(c -> c.mountNs().inode() == mountNs).findAny();
  }

  private OwnNamespace sleeper(String group) throws IOException {
    return OwnNamespace.start(folder, prefix + group, "-m", "sleep", "1000");
  }

  /** The same with a root directory of its own. */
  private OwnNamespace rooted(String group) throws IOException {
    return OwnNamespace.start(
        folder, prefix + group, "-m", "-R", rootfs.toString(), "/bin/busybox", "sleep", "1000");
  }

  @Test
  void listsWhatNoRuntimeExplainsAsUnknown() throws Exception {
    try (OwnNamespace box = sleeper("box");
        OwnNamespace session = sleeper("session-7.scope");
        ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS)) {
      ContainerInfo unknown = in(collection, box.mountNs()).orElseThrow();
      assertThat(unknown.runtime().runtimeName()).isEqualTo("unknown");
      assertThat(unknown.name()).isEqualTo(prefix + "box");
      assertThat(unknown.pid()).isEqualTo(box.pid());
      assertThat(unknown.mountNs().uniqueId()).isNotZero();
      assertThat(unknown.netNsId()).isNotZero();
      assertThat(unknown.cgroup().path()).isEqualTo("/" + prefix + "box");
      assertThat(unknown.runtime().startedAtNs()).isPositive();
      assertThat(in(collection, session.mountNs()).orElseThrow().name())
          .isEqualTo("unknown-" + session.mountNs());
    }
  }

  @Test
  void listsTheSameWithoutKernelProgram() throws Exception {
    try (OwnNamespace box = sleeper("box");
        OwnNamespace service = sleeper("tmp.service");
        ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS.withoutBirths())) {
      assertThat(in(collection, box.mountNs()).orElseThrow().name()).isEqualTo(prefix + "box");
      assertThat(in(collection, service.mountNs())).isEmpty();
    }
  }

  @Test
  void leavesOutThreadsOfTheKernel() throws IOException {
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, CollectionOptions.DEFAULTS)) {
      for (ContainerInfo container : collection.containers()) {
        Path status = Path.of("/proc/" + container.pid() + "/status");
        // Somebody else's container may end at any moment.
        if (Files.exists(status)) {
          assertThat(Files.readString(status)).doesNotContain("PPid:\t2\n");
        }
      }
    }
  }

  @Test
  void noticesThatHundredsEndAtOnce() throws Exception {
    RecordingListener listener = new RecordingListener();
    Path made = Files.createFile(folder.resolve("made"));
    String script =
        "for i in $(seq 300); do unshare -m sh -c 'echo >> %s; exec sleep 1000' & done; wait"
            .formatted(made);
    try (OwnNamespace many =
        OwnNamespace.start(
            folder, prefix + "many", "--pid", "--fork", "--kill-child", "-m", "sh", "-c", script)) {
      // Those made while the collection looks would be told as namespaces of their maker.
      Conditions.await("300 namespaces", () -> Files.size(made) == MANY - 1);
      awaitEnds(many, listener);
    }
  }

  private void awaitEnds(OwnNamespace many, RecordingListener listener) throws Exception {
    try (ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription =
            collection.subscribe(
                ContainerSelector.ofNames(ValueList.parse(prefix + "many")), listener)) {
      assertThat(subscription).isNotNull();
      for (int i = 0; i < MANY; i++) {
        listener.await("added", prefix + "many");
      }
      many.kill();
      for (int i = 0; i < MANY; i++) {
        listener.await("removed", prefix + "many");
      }
      assertThat(collection.containers()).noneMatch(c -> c.id().equals(prefix + "many"));
    }
  }

  @Test
  void countsServicesWithTheHostsFilesAsTheHost() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (OwnNamespace service = sleeper("tmp.service");
        OwnNamespace image = rooted("image.service");
        ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription =
            collection.subscribe(
                ContainerSelector.ofNames(ValueList.parse("unknown-*," + prefix + "*")),
                listener)) {
      assertThat(subscription).isNotNull();
      assertThat(in(collection, service.mountNs())).isEmpty();
      assertThat(in(collection, image.mountNs())).isPresent();
      try (OwnNamespace later = sleeper("later.service");
          OwnNamespace box = sleeper("box")) {
        listener.await("added", prefix + "box");
        assertThat(in(collection, box.mountNs())).isPresent();
        assertThat(in(collection, later.mountNs())).isEmpty();
        assertThat(collection.isPending(later.mountNs())).isFalse();
      }
    }
  }

  @Test
  void countsNamespacesMadeInsideAContainerAsTheContainer() throws Exception {
    String id = prefix + "maker";
    BusyboxBundle bundle =
        BusyboxBundle.make(
            folder,
            "maker",
            List.of(
                "/bin/busybox",
                "sh",
                "-c",
                "/bin/busybox unshare -m /bin/busybox sleep 1000 & exec /bin/busybox sleep 1000"),
            Map.of());
    Commands.run(bundle.folder(), "runc", "run", "--detach", id);
    try {
      awaitTwoNamespaces(id);
      RecordingListener listener = new RecordingListener();
      try (ContainerCollection collection =
              ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
          Subscription subscription =
              collection.subscribe(ContainerSelector.ofNames(ValueList.parse(id)), listener)) {
        assertThat(subscription).isNotNull();
        listener.await("added", id);
        ContainerInfo namespace = listener.await("namespaceAdded", id).container();
        assertThat(listener.all()).hasSize(2);
        assertThat(
                collection.byMountNs(namespace.mountNs().inode(), namespace.mountNs().uniqueId()))
            .isNotNull()
            .extracting(ContainerInfo::id)
            .isEqualTo(id);
      }
    } finally {
      Commands.run(folder, "runc", "delete", "--force", id);
    }
  }

  /** Until the container's second process has its own namespace. */
  private static void awaitTwoNamespaces(String id) throws IOException {
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    Path processes = Path.of("/sys/fs/cgroup/pids/" + id + "/cgroup.procs");
    Path group = Files.exists(processes) ? processes : Path.of("/sys/fs/cgroup/" + id);
    while (namespaces(group).size() < 2) {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private static Set<String> namespaces(Path processes) throws IOException {
    Set<String> found = new HashSet<>();
    for (String pid : Files.readAllLines(processes)) {
      Path process = Path.of("/proc/" + pid);
      if (Files.readString(process.resolve("cmdline")).endsWith("sleep\u00001000\u0000")) {
        found.add(Files.readSymbolicLink(process.resolve("ns/mnt")).toString());
      }
    }
    return found;
  }

  /** A node that has files and process numbers of its own, with a container in it. */
  private OwnNamespace node(String runtime, String id) throws IOException {
    BusyboxBundle bundle =
        BusyboxBundle.make(
            folder,
            "inner",
            List.of("/bin/busybox", "sleep", "1000"),
            Map.of("nerdctl/name", "in-the-node", "nerdctl/namespace", "default"));
    String script =
        "mount -t tmpfs tmpfs /run && mkdir /run/bundle /run/runc && cp %s/config.json /run/bundle"
                .formatted(bundle.folder())
            + " && %s run --detach --bundle /run/bundle %s && touch %s/ready && exec sleep 1000"
                .formatted(runtime, id, folder);
    return OwnNamespace.start(
        folder,
        prefix + "node",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "sh",
        "-c",
        script);
  }

  private void deleteInNode(OwnNamespace node, String id) throws Exception {
    String first = Long.toString(awaitChild(node.pid()));
    Commands.run(folder, "nsenter", "-t", first, "-m", "-p", "runc", "delete", "--force", id);
  }

  private static void checkInner(ContainerInfo inner) throws IOException {
    assertThat(inner.name()).isEqualTo("in-the-node");
    assertThat(inner.bundle()).isEqualTo("/run/bundle");
    assertThat(Files.readString(Path.of("/proc/" + inner.pid() + "/cmdline"))).contains("busybox");
  }

  @Test
  void findsContainersOfANode() throws Exception {
    String id = prefix + "inner";
    try (OwnNamespace node = node("runc", id)) {
      awaitChild(node.pid());
      try (ContainerCollection collection =
          ContainerCollection.start(HOST, CollectionOptions.DEFAULTS)) {
        ContainerInfo inner =
            collection.containers().stream().filter(c -> c.id().equals(id)).findAny().orElseThrow();
        checkInner(inner);
        assertThat(in(collection, inner.mountNs().inode())).contains(inner);
      } finally {
        deleteInNode(node, id);
      }
    }
  }

  @Test
  void namesContainersThatStartInANode() throws Exception {
    startsInANode("runc");
  }

  @Test
  void namesContainersThatARuntimeOfTheNodesOwnStarts() throws Exception {
    Path copy = Files.copy(Path.of("/usr/sbin/runc"), folder.resolve("nodes-own-runtime"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    startsInANode(copy.toString());
  }

  private void startsInANode(String runtime) throws Exception {
    String id = prefix + "inner";
    RecordingListener listener = new RecordingListener();
    ContainerSelector byName = ContainerSelector.ofNames(ValueList.parse("in-the-node"));
    try (ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription = collection.subscribe(byName, listener);
        OwnNamespace node = node(runtime, id)) {
      assertThat(subscription).isNotNull();
      try {
        checkInner(listener.await("added", id).container());
      } finally {
        deleteInNode(node, id);
      }
    }
  }

  /** The first process of the node, once the container in it runs. */
  private long awaitChild(long unsharePid) throws IOException {
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    while (!Files.exists(folder.resolve("ready"))) {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      LockSupport.parkNanos(PAUSE_NS);
    }
    Path children = Path.of("/proc/" + unsharePid + "/task/" + unsharePid + "/children");
    return Long.parseLong(Files.readString(children).strip().split(" ", -1)[0]);
  }
}
