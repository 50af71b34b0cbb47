// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.index;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The containers at one moment, found by namespace and control group. Immutable: any thread may
 * look without a lock, and looking allocates nothing.
 */
public final class ContainerIndex {

  /** No containers. */
  public static final ContainerIndex EMPTY = new ContainerIndex(List.of(), List.of(), List.of(), 0);

  private static final RuntimeInfo ANY_OF_A_POD = new RuntimeInfo("", "", "", "", "", 0);

  private final List<ContainerInfo> containers;
  private final LongTable byMountNs;
  private final LongTable byNetNs;
  private final LongTable byCgroup;

  /**
   * An index.
   *
   * @param living the containers that run
   * @param namespaces further mount namespaces that belong to them
   * @param dead containers and namespaces that ended lately
   * @param hostNetNs the host's network namespace, which tells nothing about a container
   */
  public ContainerIndex(
      List<ContainerInfo> living,
      List<ContainerInfo> namespaces,
      List<ContainerInfo> dead,
      long hostNetNs) {
    this.containers = List.copyOf(living);
    List<ContainerInfo> all = new ArrayList<>(living);
    all.addAll(namespaces);
    all.addAll(dead);
    this.byMountNs = new LongTable(all, container -> container.mountNs().inode());
    this.byCgroup = new LongTable(all, container -> container.cgroup().id());
    List<ContainerInfo> networks = networks(living, hostNetNs);
    Set<Long> inUse = new HashSet<>();
    for (ContainerInfo container : living) {
      if (container.netNsId() != hostNetNs) {
        inUse.add(container.netNsId());
      }
    }
    for (ContainerInfo ended : dead) {
      if (ended.netNsId() != hostNetNs && !inUse.contains(ended.netNsId())) {
        networks.add(ended);
      }
    }
    this.byNetNs = new LongTable(networks, ContainerInfo::netNsId);
  }

  /** The containers that run; unmodifiable. */
  public List<ContainerInfo> containers() {
    return containers;
  }

  /**
   * The container of a mount namespace; of one that ended lately too.
   *
   * @param inode the namespace's inode number
   * @param uniqueId its unique id; 0 if unknown: then a living container goes before a dead one
   */
  public @Nullable ContainerInfo byMountNs(long inode, long uniqueId) {
    if (uniqueId == 0) {
      return byMountNs.first(inode);
    }
    int slot = byMountNs.slot(inode);
    ContainerInfo value = byMountNs.value(slot);
    while (value != null) {
      if (byMountNs.key(slot) == inode) {
        long known = value.mountNs().uniqueId();
        if (known == uniqueId || known == 0) {
          return value;
        }
      }
      slot = byMountNs.next(slot);
      value = byMountNs.value(slot);
    }
    return null;
  }

  /**
   * The container of a network namespace. Where the containers of one pod share it, a container
   * without a name of its own; null where others share it.
   */
  public @Nullable ContainerInfo byNetNs(long inode) {
    return byNetNs.first(inode);
  }

  /** The container of a control group, by its id in the v2 tree or the v1 pids hierarchy. */
  public @Nullable ContainerInfo byCgroup(long id) {
    return byCgroup.first(id);
  }

  private static List<ContainerInfo> networks(List<ContainerInfo> living, long hostNetNs) {
    Map<Long, List<ContainerInfo>> sharers = new LinkedHashMap<>();
    for (ContainerInfo container : living) {
      if (container.netNsId() != hostNetNs) {
        sharers.computeIfAbsent(container.netNsId(), n -> new ArrayList<>()).add(container);
      }
    }
    List<ContainerInfo> networks = new ArrayList<>();
    for (List<ContainerInfo> sharing : sharers.values()) {
      ContainerInfo first = sharing.getFirst();
      if (sharing.size() == 1) {
        networks.add(first);
      } else if (!first.pod().podName().isEmpty()
          && sharing.stream().allMatch(c -> isSamePod(c.pod(), first.pod()))) {
        networks.add(anyOf(first));
      }
    }
    return networks;
  }

  private static boolean isSamePod(PodInfo one, PodInfo other) {
    return one.podUid().equals(other.podUid())
        && one.podName().equals(other.podName())
        && one.namespace().equals(other.namespace());
  }

  private static ContainerInfo anyOf(ContainerInfo container) {
    PodInfo pod = container.pod();
    PodInfo withoutContainer =
        new PodInfo(
            pod.namespace(),
            pod.podName(),
            pod.podUid(),
            "",
            pod.labels(),
            pod.ownerKind(),
            pod.ownerName());
    return new ContainerInfo(
        ANY_OF_A_POD,
        0,
        new ContainerInfo.MountNs(0, 0),
        container.netNsId(),
        new ContainerInfo.Cgroup(0, ""),
        "",
        withoutContainer,
        Map.of());
  }
}
