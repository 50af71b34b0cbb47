// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** For whom starts of containers are held, by the marks on a binary that nobody executes. */
@Tag("runtime")
@Timeout(60)
class AwaitedListenersRuntimeTest {
  private static final ContainerSelector NONE =
      ContainerSelector.ofNames(ValueList.parse("igt-no-such-container"));

  @TempDir Path folder;

  /** Looks at what is there, and at nothing that happens. */
  private static final class LookingListener implements ContainerListener {
    @Override
    public boolean isAwaited() {
      return false;
    }

    @Override
    public void added(ContainerInfo container) {
      throw new AssertionError("selected: " + container);
    }

    @Override
    public void removed(ContainerInfo container) {
      throw new AssertionError("selected: " + container);
    }
  }

  @Test
  void nobodyIsHeldBeforeSomebodyIsAwaited() throws Exception {
    Path runtime = Files.copy(Path.of("/bin/busybox"), folder.resolve("runc"));
    CollectionOptions options =
        CollectionOptions.DEFAULTS
            .withRuntimesOnly(List.of(folder.toString()), List.of())
            .withMechanisms(false, true);
    try (ContainerCollection collection =
            ContainerCollection.start(new HostFilesystem(Path.of("/")), options);
        Subscription looking = collection.subscribe(NONE, new LookingListener())) {
      assertThat(looking).isNotNull();
      // The collection's thread has seen the subscription once it has worked on after it.
      long beforeNs = System.nanoTime();
      Conditions.await(
          "working on",
          () -> {
            collection.askWorkedThrough();
            return collection.workedThroughNs() > beforeNs;
          });
      assertThat(GateMarks.gates()).isEmpty();
      try (Subscription following = collection.subscribe(NONE, new RecordingListener())) {
        assertThat(following).isNotNull();
        Conditions.await("holding " + runtime, () -> GateMarks.has(runtime));
      }
    }
  }
}
