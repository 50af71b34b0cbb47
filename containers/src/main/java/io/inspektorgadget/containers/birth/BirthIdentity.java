// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.CgroupTree;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.Identity;
import io.inspektorgadget.containers.identity.OciConfig;
import io.inspektorgadget.containers.identity.RuntimeCommand;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says who a newborn container is: by its runtime's command line and bundle, else by its control
 * group, else by its mount namespace's number.
 */
public final class BirthIdentity {

  /** The runtime of a container that no runtime explains. */
  public static final String UNKNOWN = "unknown";

  private static final Pattern LONG_ID = Pattern.compile("[0-9a-f]{64}");

  /** Control groups of systemd's that hold whole services and sessions. */
  private static final Pattern SYSTEMD_UNIT =
      Pattern.compile(".*\\.(service|scope|slice|mount|socket|swap)");

  private static final Map<String, String> ENGINES_BY_GROUP =
      Map.of(
          "docker", "docker",
          "libpod", "podman",
          "crio", "cri-o",
          "cri-containerd", "containerd");

  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final HostFilesystem host;
  private final HostProcesses processes;

  /** Identities on this host. */
  public BirthIdentity(HostFilesystem host, HostProcesses processes) {
    this.host = host;
    this.processes = processes;
  }

  /** The container that was born; empty if it only holds the namespaces of a pod. */
  public Optional<ContainerInfo> of(Birth birth) {
    Identity known = birth.identity();
    Identity identity = known == null ? Identity.of(host, processes, candidate(birth)) : known;
    if (identity.isSandbox()) {
      return Optional.empty();
    }
    return Optional.of(
        identity.container(birth.process().pid(), birth.mountNs(), birth.netNsId(), cgroup(birth)));
  }

  /**
   * Who the container will be that a runtime is about to make; found out while nobody waits for it.
   *
   * @param config what its bundle says
   */
  Identity ofCommand(Birth.Command command, OciConfig config) {
    RuntimeCommand called = RuntimeCommand.parse(command.words(), command.truncated());
    List<Long> views = List.of(command.pid(), processes.parent(command.pid()));
    return Identity.of(
        host,
        processes,
        new Candidate(
            called.program(),
            called.containerId(),
            bundle(command, called.bundle()),
            views,
            nowNs()),
        config);
  }

  /** The container of a namespace that is there and that no runtime explains. */
  public ContainerInfo ofUnexplained(MountNs mountNs, long pid) {
    Cgroup cgroup = processes.cgroup(pid);
    String leaf = cgroup.path().substring(cgroup.path().lastIndexOf('/') + 1);
    String group = containerGroup(new Birth.Groups(cgroup.id(), leaf, 0, ""));
    Candidate candidate =
        new Candidate(engine(group), id(group, mountNs), "", List.of(), processes.startedAtNs(pid));
    return Identity.of(host, processes, candidate)
        .container(pid, mountNs, processes.netNs(pid), cgroup);
  }

  private static String id(String group, MountNs mountNs) {
    Matcher longId = LONG_ID.matcher(group);
    String id = longId.find() ? longId.group() : group;
    return id.isEmpty() ? UNKNOWN + "-" + mountNs.inode() : id;
  }

  private Candidate candidate(Birth birth) {
    RuntimeCommand command =
        RuntimeCommand.parse(birth.command().words(), birth.command().truncated());
    String id = command.containerId();
    String group = containerGroup(birth.cgroup());
    String runtime = command.program().isEmpty() ? engine(group) : command.program();
    if (id.isEmpty()) {
      id = id(group, birth.mountNs());
    }
    String bundle = command.program().isEmpty() ? "" : bundle(birth.command(), command.bundle());
    return new Candidate(runtime, id, bundle, viewPids(birth), startedAtNs(birth));
  }

  /**
   * The runtime; for when it is ending, and shows no files any more, who started it; and for when
   * it has ended, who looks after the container in its place. In this order: while the runtime has
   * a parent, the container may still have the runtime.
   */
  private List<Long> viewPids(Birth birth) {
    long runtimePid = birth.command().pid();
    if (runtimePid == 0) {
      return List.of();
    }
    long starter = processes.parent(runtimePid);
    return List.of(runtimePid, starter, processes.parent(birth.process().pid()));
  }

  private String bundle(Birth.Command command, String asWritten) {
    if (asWritten.startsWith("/")) {
      return asWritten;
    }
    String folder = command.workingDirectory();
    if (folder.isEmpty()) {
      folder = processes.workingDirectory(command.pid());
    }
    if (folder.isEmpty() || asWritten.isEmpty() || asWritten.equals(".")) {
      return folder;
    }
    return java.nio.file.Path.of(folder).resolve(asWritten).normalize().toString();
  }

  /** The part of a group's path that is made for one container, empty if there is none. */
  private static String containerGroup(Birth.Groups groups) {
    for (String leaf : new String[] {groups.unifiedLeaf(), groups.pidsLeaf()}) {
      if (LONG_ID.matcher(leaf).find()) {
        return leaf;
      }
    }
    for (String leaf : new String[] {groups.unifiedLeaf(), groups.pidsLeaf()}) {
      if (!leaf.isEmpty() && !SYSTEMD_UNIT.matcher(leaf).matches()) {
        return leaf;
      }
    }
    return "";
  }

  private static String engine(String group) {
    Matcher longId = LONG_ID.matcher(group);
    if (longId.find() && longId.start() > 0) {
      return ENGINES_BY_GROUP.getOrDefault(group.substring(0, longId.start() - 1), UNKNOWN);
    }
    return UNKNOWN;
  }

  private Cgroup cgroup(Birth birth) {
    long id = CgroupTree.tellingId(birth.cgroup().unifiedId(), birth.cgroup().pidsId());
    Cgroup now = processes.cgroup(birth.process().pid());
    return id == 0 || now.id() == id ? now : new Cgroup(id, "");
  }

  /** The kernel's time and System.nanoTime are one clock. */
  private static long startedAtNs(Birth birth) {
    return nowNs() - Math.max(0, System.nanoTime() - birth.timeNs());
  }

  private static long nowNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * NS_PER_SECOND + now.getNano();
  }
}
