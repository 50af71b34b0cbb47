// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.namespace.NamespaceFd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members whose processes are real ones, in this process's own mount namespace. */
class RosterTest {
  private static final long INODE = 4_026_500_000L;

  private final Epoll epoll = Epoll.open();
  private final List<String> warnings = new ArrayList<>();
  private final Subscribers subscribers = new Subscribers(warnings::add);
  private final List<String> told = new ArrayList<>();
  private final HostProcesses processes = new HostProcesses(new HostFilesystem(Path.of("/")));
  private final Roster roster = new Roster(processes, epoll, 0, subscribers, warnings::add);

  @BeforeEach
  void listen() {
    ContainerListener listener =
        new ContainerListener() {
          @Override
          public void added(ContainerInfo container) {
            told.add("+" + container.id());
          }

          @Override
          public void removed(ContainerInfo container) {
            told.add("-" + container.id());
          }
        };
    subscribers.add(ContainerSelector.ALL_CONTAINERS, listener, List.of(), List.of());
  }

  @AfterEach
  void close() {
    roster.close();
    epoll.close();
    assertThat(warnings).isEmpty();
  }

  private static Process sleeping() throws Exception {
    return new ProcessBuilder("sleep", "1000").start();
  }

  private static long ended() throws Exception {
    Process process = sleeping();
    process.destroyForcibly().waitFor();
    return process.pid();
  }

  private static ContainerInfo container(String id, long pid, long inode, long uniqueId) {
    return new ContainerInfo(
        new RuntimeInfo("runc", id, id, "", "", 0),
        pid,
        new MountNs(inode, uniqueId),
        0,
        new Cgroup(0, ""),
        "",
        PodInfo.NONE,
        Map.of());
  }

  @Test
  void whatIsGoneWithoutAUniqueIdIsTakenForNobodyElse() throws Exception {
    roster.add(container("gone", ended(), INODE, 0));
    assertThat(told).isEmpty();
    assertThat(roster.index().byMountNs(INODE, 7)).isNull();
    assertThat(roster.index().byMountNs(INODE, 0)).isNull();
  }

  @Test
  void whatIsGoneStaysKnownByItsUniqueId() throws Exception {
    ContainerInfo gone = container("gone", ended(), INODE, 5);
    roster.add(gone);
    assertThat(told).containsExactly("+gone", "-gone");
    assertThat(roster.index().byMountNs(INODE, 5)).isEqualTo(gone);
    assertThat(roster.index().byMountNs(INODE, 7)).isNull();
  }

  @Test
  void whatEndsWhileItIsHeldStaysKnownThoughItsUniqueIdWasNot() throws Exception {
    Process process = sleeping();
    long inode = processes.mountNs(process.pid());
    roster.add(container("held", process.pid(), inode, 0));
    process.destroyForcibly().waitFor();
    roster.processesEnded(new int[] {0}, 1);
    assertThat(told).containsExactly("+held", "-held");
    try (NamespaceFd own = NamespaceFd.open(ProcessHandle.current().pid(), NamespaceFd.Kind.MNT)) {
      ContainerInfo found = roster.index().byMountNs(inode, own.uniqueId());
      assertThat(found).isNotNull().extracting(ContainerInfo::id).isEqualTo("held");
    }
  }

  @Test
  void theHeldNamespaceKnowsItsUniqueIdBetter() throws Exception {
    Process process = sleeping();
    try (NamespaceFd own = NamespaceFd.open(ProcessHandle.current().pid(), NamespaceFd.Kind.MNT)) {
      long stale = own.uniqueId() + 1;
      roster.add(container("held", process.pid(), own.inode(), stale));
      assertThat(roster.index().containers())
          .extracting(container -> container.mountNs().uniqueId())
          .containsExactly(own.uniqueId() == 0 ? stale : own.uniqueId());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
