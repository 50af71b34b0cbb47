// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers, started by crun. */
@Tag("runtime")
class CrunRuntimeTest {
  private static final Path CRUN = Path.of("/usr/bin/crun");
  private static final List<String> SLEEP = List.of("/bin/busybox", "sleep", "1000");
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));

  @TempDir Path folder;
  private final String prefix = "igtest-crun-" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();
  private final RecordingListener listener = new RecordingListener();
  private final ContainerSelector ours = ContainerSelector.ofNames(ValueList.parse(prefix + "*"));

  @AfterEach
  void deleteContainers() throws Exception {
    for (String id : started) {
      crun("delete", "--force", id);
    }
  }

  private void crun(String... arguments) throws Exception {
    run(folder, CRUN, arguments);
  }

  private static void run(Path directory, Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Commands.run(directory, Commands.onePlainCgroupTree(command.toArray(new String[0])));
  }

  private String started(String name) {
    started.add(prefix + name);
    return prefix + name;
  }

  @Test
  void namesContainersBeforeTheirFirstInstruction() throws Exception {
    BusyboxBundle bundle =
        BusyboxBundle.make(folder, "b", SLEEP, Map.of("org.example.owner", "shop"));
    try (ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String run = started("run");
      run(bundle.folder(), CRUN, "run", "--detach", run);
      check(listener.await("added", run).container(), bundle);
      String created = started("created");
      crun("create", "--bundle", bundle.folder().toString(), created);
      crun("start", created);
      check(listener.await("added", created).container(), bundle);
      ContainerInfo living = listener.all().getFirst().container();
      assertThat(collection.byCgroup(living.cgroup().id())).isEqualTo(living);
    }
  }

  @Test
  void holdsTheStartOfAContainerThatWasCreatedWithoutPivot() throws Exception {
    BusyboxBundle bundle =
        BusyboxBundle.make(folder, "b", SLEEP, Map.of("org.example.owner", "shop"));
    CollectionOptions options = CollectionOptions.DEFAULTS.withMechanisms(false, true);
    try (ContainerCollection collection = ContainerCollection.start(HOST, options);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      Conditions.await("holding crun", () -> GateMarks.has(CRUN));
      String id = started("no-pivot");
      crun("create", "--no-pivot", "--bundle", bundle.folder().toString(), id);
      assertThat(listener.all()).isEmpty();
      crun("start", id);
      check(listener.await("added", id).container(), bundle);
    }
  }

  @Test
  void findsContainersThatRunAlready() throws Exception {
    BusyboxBundle bundle =
        BusyboxBundle.make(folder, "b", SLEEP, Map.of("org.example.owner", "shop"));
    String id = started("old");
    run(bundle.folder(), CRUN, "run", "--detach", id);
    try (ContainerCollection collection =
        ContainerCollection.start(HOST, CollectionOptions.DEFAULTS)) {
      ContainerInfo found =
          collection.containers().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
      check(found, bundle);
      assertThat(found.mountNs().uniqueId()).isNotZero();
    }
  }

  private static void check(ContainerInfo container, BusyboxBundle bundle) {
    assertThat(container.runtime().runtimeName()).isEqualTo("crun");
    assertThat(container.bundle()).isEqualTo(bundle.folder().toString());
    assertThat(container.annotations()).containsEntry("org.example.owner", "shop");
    assertThat(container.cgroup().path()).endsWith("/" + container.id());
    assertThat(container.runtime().startedAtNs()).isPositive();
  }

  @Test
  void namesContainersOfRuntimesThatNobodyListedAsSoonAsTheyAreWrittenDown() throws Exception {
    Path copy = Files.copy(CRUN, folder.resolve("other-crun"), StandardCopyOption.COPY_ATTRIBUTES);
    BusyboxBundle bundle =
        BusyboxBundle.make(folder, "b", SLEEP, Map.of("org.example.owner", "shop"));
    try (ContainerCollection collection =
            ContainerCollection.start(HOST, CollectionOptions.DEFAULTS);
        Subscription subscription = collection.subscribe(ours, listener)) {
      assertThat(subscription).isNotNull();
      String id = started("late");
      run(bundle.folder(), copy, "run", "--detach", id);
      check(listener.await("added", id).container(), bundle);
      assertThat(collection.containers()).filteredOn(c -> c.id().equals(id)).hasSize(1);
    }
  }
}
