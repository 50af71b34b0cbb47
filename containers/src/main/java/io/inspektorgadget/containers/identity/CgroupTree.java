// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The host's control groups: the v2 tree, alone or beside v1 hierarchies, of which {@code pids} is
 * the one that every runtime uses. Immutable.
 */
public final class CgroupTree {

  /** No control group is known. */
  public static final Cgroup UNKNOWN = new Cgroup(0, "");

  /** The id of the root of a hierarchy; it tells nothing about who a process is. */
  private static final long ROOT_ID = 1;

  private static final String PIDS = "pids";

  /** Below {@code /sys}, the host's and that of this process. */
  private static final String MOUNTS = "fs/cgroup";

  private final @Nullable CgroupHierarchy unified;
  private final CgroupHierarchy pids;

  /** The tree of this host. */
  public CgroupTree(HostFilesystem host) {
    this(host, Path.of("/sys").resolve(MOUNTS));
  }

  /**
   * The tree of this host, for a process with mounts of its own.
   *
   * @param ownMounts where this process has its hierarchies mounted
   */
  CgroupTree(HostFilesystem host, Path ownMounts) {
    Path mounts = host.sysFs().resolve(MOUNTS);
    Paths first = Paths.of(linesOfFirst(host));
    Path own = firstUnified(ownMounts, ownMounts.resolve("unified"));
    Path hosts = firstUnified(mounts, mounts.resolve("unified"));
    this.unified =
        hosts == null
            ? null
            : CgroupHierarchy.of(hosts, own == null ? ownMounts : own, first.unified());
    this.pids = CgroupHierarchy.of(mounts.resolve(PIDS), ownMounts.resolve(PIDS), first.pids());
  }

  private static List<String> linesOfFirst(HostFilesystem host) {
    // Who may not look at it sees no process of others, and needs no path of theirs.
    String text = Libc.readText(host.proc() + "/1/cgroup");
    return text == null ? List.of() : List.of(text.split("\n", -1));
  }

  private static @Nullable Path firstUnified(Path... candidates) {
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate.resolve("cgroup.controllers"))) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * The paths of a process's groups.
   *
   * @param unified in the v2 tree; {@code /} at its root, empty where there is none
   * @param pids in the v1 hierarchy {@code pids}; empty where there is none
   */
  public record Paths(String unified, String pids) {

    /** Reads the lines of {@code /proc/PID/cgroup}. */
    static Paths of(List<String> lines) {
      String unified = "";
      String pids = "";
      for (String line : lines) {
        int first = line.indexOf(':');
        int second = line.indexOf(':', first + 1);
        if (first < 0 || second < 0) {
          continue;
        }
        String controllers = line.substring(first + 1, second);
        if (line.startsWith("0:") && controllers.isEmpty()) {
          unified = line.substring(second + 1);
        } else if (controllers.contains(PIDS)
            && List.of(controllers.split(",", -1)).contains(PIDS)) {
          pids = line.substring(second + 1);
        }
      }
      return new Paths(unified, pids);
    }
  }

  /**
   * The group of a process: that of the v2 tree, or of the v1 {@code pids} hierarchy where the
   * process lies at the root of the v2 tree.
   *
   * @param lines the lines of its {@code /proc/PID/cgroup}
   */
  public Cgroup ofProcess(List<String> lines) {
    Paths paths = paths(lines);
    if (unified != null && isBelowRoot(paths.unified())) {
      return new Cgroup(inode(unified.folder(paths.unified())), paths.unified());
    }
    return isBelowRoot(paths.pids())
        ? new Cgroup(inode(pids.folder(paths.pids())), paths.pids())
        : UNKNOWN;
  }

  /** The paths of a process's groups from where the host has its hierarchies mounted. */
  Paths paths(List<String> lines) {
    Paths told = Paths.of(lines);
    return new Paths(
        unified == null ? told.unified() : unified.path(told.unified()), pids.path(told.pids()));
  }

  /**
   * The more telling of a process's two groups, by the ids that the kernel gives them.
   *
   * @param unifiedId its group in the v2 tree
   * @param pidsId its group in the v1 hierarchy
   */
  public static long tellingId(long unifiedId, long pidsId) {
    if (unifiedId > ROOT_ID) {
      return unifiedId;
    }
    return pidsId > ROOT_ID ? pidsId : 0;
  }

  /** The processes of a group, empty if it is gone or unknown. */
  public List<Long> processes(Cgroup cgroup) {
    if (!isBelowRoot(cgroup.path())) {
      return List.of();
    }
    Path directory = unified == null ? null : unified.folder(cgroup.path());
    if (directory == null || inode(directory) != cgroup.id()) {
      directory = pids.folder(cgroup.path());
    }
    // A group that was removed has no processes.
    String text = Objects.requireNonNullElse(Libc.readText(directory + "/cgroup.procs"), "");
    try {
      return text.lines().map(Long::valueOf).toList();
    } catch (NumberFormatException e) {
      // A file of that name that is none of the kernel's.
      return List.of();
    }
  }

  private static boolean isBelowRoot(String path) {
    return path.length() > 1;
  }

  /** 0 if it is gone: a number that no group has. */
  private static long inode(Path directory) {
    return Libc.inode(directory.toString());
  }
}
