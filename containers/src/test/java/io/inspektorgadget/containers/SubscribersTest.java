// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.container.ValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscribersTest {
  private final List<String> warnings = new ArrayList<>();
  private final Subscribers subscribers = new Subscribers(warnings::add);
  private final List<String> told = new ArrayList<>();

  private static ContainerInfo container(String id) {
    return new ContainerInfo(
        new RuntimeInfo("runc", id, "", "", "", 0),
        1,
        new MountNs(1, 1),
        1,
        new Cgroup(1, ""),
        "",
        PodInfo.NONE,
        Map.of());
  }

  /** Takes namespaces as containers, as the interface does where nothing else is said. */
  private ContainerListener recording() {
    return new ContainerListener() {
      @Override
      public void added(ContainerInfo container) {
        told.add("+" + container.id());
      }

      @Override
      public void removed(ContainerInfo container) {
        told.add("-" + container.id());
      }

      @Override
      public void changed(ContainerInfo container) {
        told.add("~" + container.id());
      }
    };
  }

  @Test
  void tellsWhenAContainerBeginsToMatchAndWhenItNoLongerDoes() {
    Runnable end =
        subscribers.add(
            ContainerSelector.ofNames(ValueList.parse("a*")), recording(), List.of(), List.of());
    subscribers.changed(container("unknown-1"), container("a1"), false);
    subscribers.changed(container("a1"), container("a2"), false);
    subscribers.changed(container("a2"), container("b"), false);
    subscribers.changed(container("b"), container("c"), false);
    assertThat(told).containsExactly("+a1", "~a2", "-a2");
    end.run();
  }

  @Test
  void aFurtherNamespaceComesAndGoesWithItsContainerAndIsNoNewsOtherwise() {
    subscribers.add(
        ContainerSelector.ofNames(ValueList.parse("a*")), recording(), List.of(), List.of());
    subscribers.changed(container("b"), container("a1"), true);
    subscribers.changed(container("a1"), container("a2"), true);
    subscribers.changed(container("a2"), container("b"), true);
    assertThat(told).containsExactly("+a1", "-a2");
  }

  @Test
  void tellsSnapshotAndChangesOfWhatIsSelected() {
    ContainerSelector selector = ContainerSelector.ofNames(ValueList.parse("!b"));
    Runnable end =
        subscribers.add(
            selector,
            recording(),
            List.of(container("a"), container("b")),
            List.of(container("c")));
    subscribers.added(container("b"), false);
    subscribers.added(container("d"), false);
    subscribers.added(container("e"), true);
    subscribers.removed(container("e"), true);
    subscribers.removed(container("a"), false);
    end.run();
    subscribers.added(container("f"), false);
    assertThat(told).containsExactly("+a", "+c", "+d", "+e", "-e", "-a");
  }

  @Test
  void endsOnlyTheSubscriptionThatIsClosed() {
    ContainerListener listener = recording();
    Runnable first =
        subscribers.add(ContainerSelector.ALL_CONTAINERS, listener, List.of(), List.of());
    subscribers.add(ContainerSelector.ALL_CONTAINERS, listener, List.of(), List.of());
    first.run();
    subscribers.added(container("a"), false);
    assertThat(told).containsExactly("+a");
  }

  @Test
  void goesOnWhereAListenerThrows() {
    ContainerListener broken =
        new ContainerListener() {
          @Override
          public void added(ContainerInfo container) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void removed(ContainerInfo container) {
            throw new IllegalStateException("broken");
          }
        };
    subscribers.add(ContainerSelector.ALL_CONTAINERS, broken, List.of(), List.of());
    subscribers.add(ContainerSelector.ALL_CONTAINERS, recording(), List.of(), List.of());
    subscribers.added(container("a"), false);
    assertThat(told).containsExactly("+a");
    assertThat(warnings).singleElement().asString().contains("container a").contains("broken");
  }
}
