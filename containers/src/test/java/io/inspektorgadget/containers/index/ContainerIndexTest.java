// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ContainerIndexTest {
  private static final long HOST_NET_NS = 1;
  private static final int MANY = 50_000;
  private static final long FIRST_INODE = 4_026_531_841L;
  private static final int LOOKUPS = 200_000;

  private static ContainerInfo container(String id, MountNs mountNs, long netNs, PodInfo pod) {
    return new ContainerInfo(
        new RuntimeInfo("runc", id, "", "", "", 0),
        7,
        mountNs,
        netNs,
        new Cgroup(mountNs.uniqueId() * 10, "/" + id),
        "",
        pod,
        Map.of());
  }

  private static ContainerInfo container(String id, long inode, long uniqueId) {
    return container(id, new MountNs(inode, uniqueId), HOST_NET_NS, PodInfo.NONE);
  }

  private static PodInfo pod(String name, String container) {
    return new PodInfo("shop", name, "uid-" + name, container, Map.of(), "", "");
  }

  @Test
  void tellsReusedNumbersApartByTheirUniqueId() {
    ContainerInfo dead = container("dead", 5, 100);
    ContainerInfo living = container("living", 5, 200);
    ContainerIndex index =
        new ContainerIndex(List.of(living), List.of(), List.of(dead), HOST_NET_NS);
    assertThat(index.byMountNs(5, 100)).isEqualTo(dead);
    assertThat(index.byMountNs(5, 200)).isEqualTo(living);
    assertThat(index.byMountNs(5, 0)).isEqualTo(living);
    assertThat(index.byMountNs(5, 300)).isNull();
    assertThat(index.byMountNs(6, 100)).isNull();
    assertThat(index.byMountNs(0, 0)).isNull();
    assertThat(index.byCgroup(1000)).isEqualTo(dead);
    assertThat(index.containers()).containsExactly(living);
  }

  @Test
  void acceptsContainerWhoseUniqueIdNobodyKnows() {
    ContainerInfo old = container("old", 5, 0);
    ContainerIndex index = new ContainerIndex(List.of(old), List.of(), List.of(), HOST_NET_NS);
    assertThat(index.byMountNs(5, 77)).isEqualTo(old);
    assertThat(index.byCgroup(0)).isNull();
  }

  @Test
  void givesPodOfSharedNetworkAndNothingOfTheHosts() {
    ContainerInfo one = container("one", new MountNs(5, 1), 9, pod("web", "a"));
    ContainerInfo two = container("two", new MountNs(6, 2), 9, pod("web", "b"));
    ContainerInfo alone = container("alone", new MountNs(7, 3), 10, PodInfo.NONE);
    ContainerInfo left = container("left", new MountNs(8, 4), 11, pod("x", "a"));
    ContainerInfo right = container("right", new MountNs(9, 5), 11, pod("y", "a"));
    ContainerInfo host = container("host", 10, 6);
    ContainerInfo dead = container("dead", new MountNs(11, 7), 11, pod("z", "a"));
    ContainerIndex index =
        new ContainerIndex(
            List.of(one, two, alone, left, right, host), List.of(), List.of(dead), HOST_NET_NS);
    ContainerInfo shared = Objects.requireNonNull(index.byNetNs(9));
    assertThat(shared.pod().podName()).isEqualTo("web");
    assertThat(shared.pod().containerName()).isEmpty();
    assertThat(shared.id()).isEmpty();
    assertThat(index.byNetNs(10)).isEqualTo(alone);
    assertThat(index.byNetNs(11)).isNull();
    assertThat(index.byNetNs(HOST_NET_NS)).isNull();
  }

  @Test
  void findsEachOfManyWithoutAllocating() {
    List<ContainerInfo> many = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      many.add(container("c" + i, FIRST_INODE + i, i + 1));
    }
    ContainerIndex index = new ContainerIndex(many, List.of(), List.of(), HOST_NET_NS);
    for (int i = 0; i < MANY; i++) {
      assertThat(index.byMountNs(FIRST_INODE + i, i + 1)).isSameAs(many.get(i));
    }
    lookUp(index);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long found = lookUp(index);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(found).isEqualTo(LOOKUPS / 2);
    // What the measuring itself takes; an object per look-up would be more than a megabyte.
    assertThat(allocated).isLessThan(1024);
  }

  private static long lookUp(ContainerIndex index) {
    long found = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      long number = i % MANY;
      // Every second one asks for a unique id that is not there.
      if (index.byMountNs(FIRST_INODE + number, i % 2 == 0 ? number + 1 : MANY + number + 1)
          != null) {
        found++;
      }
    }
    return found;
  }
}
