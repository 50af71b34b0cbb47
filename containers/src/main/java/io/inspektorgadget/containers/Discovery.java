// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.birth.Birth;
import io.inspektorgadget.containers.birth.BirthIdentity;
import io.inspektorgadget.containers.birth.LineageHook;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.containers.source.ContainerSource;
import io.inspektorgadget.containers.source.ContainerdTasks;
import io.inspektorgadget.containers.source.FoundContainers;
import io.inspektorgadget.containers.source.RuntimeStates;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes into the roster what runtimes have written down: all of it at the start, and later what
 * explains a newborn that nobody announced by name. Not thread-safe; its owner calls one method at
 * a time.
 */
final class Discovery {
  /** A machine that makes namespaces all the time must not keep us reading files all the time. */
  private static final long RESCAN_INTERVAL_NS = 50_000_000;

  private static final long RESCAN_BURST_NS = 1_000_000_000;

  private final HostFilesystem host;
  private final HostProcesses processes;
  private final BirthIdentity identity;
  private final Roster roster;
  private final List<ContainerSource> sources;
  private final SecondLooks secondLooks = new SecondLooks();
  private @Nullable LineageHook hook;
  private long rescanDueNs = System.nanoTime() - RESCAN_BURST_NS;

  Discovery(
      HostFilesystem host,
      HostProcesses processes,
      CollectionOptions options,
      BirthIdentity identity,
      Roster roster) {
    this.host = host;
    this.processes = processes;
    this.identity = identity;
    this.roster = roster;
    this.sources =
        List.of(
            new ContainerdTasks(options.containerdTaskRoots()),
            new RuntimeStates(options.runcRoots()));
  }

  /** Takes in what runs now. Whatever runtimes do not explain is an unknown container. */
  void begin(@Nullable LineageHook opened) {
    hook = opened;
    Set<Long> explained = new HashSet<>(scan(MountView.ofHost(host), Optional.empty()));
    Map<Long, Long> foreign = opened == null ? processes.byMountNs() : opened.processesOfExisting();
    foreign.keySet().removeIf(inode -> inode == processes.hostMountNs());
    foreign
        .values()
        .forEach(pid -> {
          MountView view = MountView.ofProcess(processes, pid);
          if (RuntimeFolders.areOwnOf(view, host)) {
            explained.addAll(scan(view, Optional.empty()));
          }
        });
    foreign.keySet().removeAll(explained);
    List<ContainerInfo> unknown = new ArrayList<>();
    foreign.forEach((inode, pid) -> takeUnexplained(inode, pid, unknown));
    roster.addAll(unknown);
  }

  /** Takes in what runs now and was missed. */
  void rescan() {
    scan(MountView.ofHost(host), Optional.empty());
  }

  private void takeUnexplained(long inode, long pid, List<ContainerInfo> unknown) {
    MountNs mountNs = existing(new MountNs(inode, 0));
    if (roster.living(mountNs) != null || processes.isKernelThread(pid) || isService(pid)) {
      return;
    }
    ContainerInfo owner = roster.index().byCgroup(processes.cgroup(pid).id());
    if (owner != null && !owner.runtime().runtimeName().equals(BirthIdentity.UNKNOWN)) {
      roster.addNamespace(owner, mountNs, pid);
    } else {
      unknown.add(identity.ofUnexplained(mountNs, pid));
    }
  }

  /**
   * True for a process of a service that has its own view of the host's files, as systemd's
   * PrivateTmp makes it: that is a part of the host and no container.
   */
  boolean isService(long pid) {
    return processes.cgroup(pid).path().endsWith(".service") && processes.hasHostsRoot(pid);
  }

  /** No runtime has told of it. */
  private static boolean isUnknown(ContainerInfo container) {
    return container.bundle().isEmpty();
  }

  /**
   * Takes a newborn in whose runtime was not followed, if a runtime has written it down; else looks
   * again later, since some write only after the start.
   *
   * @return true if it needs no name that we make up
   */
  boolean explains(Birth birth) {
    if (isService(birth.process().pid())) {
      return true;
    }
    if (mayScan()) {
      if (hook != null) {
        hook.refreshRuntimes();
      }
      if (scan(MountView.ofHost(host), Optional.of(birth.mountNs()))
          .contains(birth.mountNs().inode())) {
        return true;
      }
    }
    secondLooks.begin(System.nanoTime());
    return false;
  }

  /**
   * The same for a newborn that a process of this container made: it may be a container inside a
   * container, whose runtime writes to files of the latter.
   */
  boolean explains(Birth birth, ContainerInfo owner) {
    MountView view = MountView.ofProcess(processes, owner.pid());
    if (RuntimeFolders.areOwnOf(view, host)
        && mayScan()
        && scan(view, Optional.of(birth.mountNs())).contains(birth.mountNs().inode())) {
      return true;
    }
    return isUnknown(owner) && explains(birth);
  }

  private boolean mayScan() {
    long nowNs = System.nanoTime();
    if (rescanDueNs - nowNs > 0) {
      return false;
    }
    rescanDueNs = Math.max(rescanDueNs, nowNs - RESCAN_BURST_NS) + RESCAN_INTERVAL_NS;
    return true;
  }

  /** Looks again for those that are unknown, if it is time to. */
  void tend() {
    if (secondLooks.isDue(System.nanoTime()) && hasUnknown()) {
      rescan();
    }
  }

  private boolean hasUnknown() {
    return Stream.concat(roster.index().containers().stream(), roster.namespaces().stream())
        .anyMatch(Discovery::isUnknown);
  }

  /** How long {@link #tend} has nothing to do; negative: for ever. */
  long idleMs() {
    return secondLooks.idleMs(System.nanoTime());
  }

  /**
   * Takes in what the sources know and the roster does not, or only as unknown.
   *
   * @param newborn a namespace that the kernel has just announced
   * @return the namespaces that the sources explain
   */
  private Set<Long> scan(MountView view, Optional<MountNs> newborn) {
    FoundContainers found =
        new FoundContainers(host, processes, view, inode -> isKnown(identified(inode, newborn)));
    sources.forEach(source -> source.scan(found));
    List<ContainerInfo> fresh = new ArrayList<>();
    for (ContainerInfo container : found.containers()) {
      MountNs mountNs = identified(container.mountNs().inode(), newborn);
      if (roster.living(mountNs) == null) {
        MountNs known = mountNs.uniqueId() == 0 ? existing(mountNs) : mountNs;
        fresh.add(container.seenThrough(container.pid(), known));
      } else if (!isKnown(mountNs)) {
        roster.identify(container);
      }
    }
    if (!fresh.isEmpty()) {
      roster.addAll(fresh);
    }
    return found.mountNamespaces();
  }

  private static MountNs identified(long inode, Optional<MountNs> newborn) {
    return newborn.filter(n -> n.inode() == inode).orElseGet(() -> new MountNs(inode, 0));
  }

  private boolean isKnown(MountNs mountNs) {
    ContainerInfo living = roster.living(mountNs);
    return living != null && !isUnknown(living);
  }

  /** What a container's processes make from now on belongs to it; so the kernel must know it. */
  private MountNs existing(MountNs mountNs) {
    long uniqueId = hook == null ? 0 : hook.uniqueIdOfExisting(mountNs.inode());
    if (hook == null || uniqueId == 0) {
      return mountNs;
    }
    hook.adopt(uniqueId);
    return new MountNs(mountNs.inode(), uniqueId);
  }
}
