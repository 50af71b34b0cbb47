// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What {@code /proc} says about processes. A process that is gone has numbers 0 and no group. */
public final class HostProcesses {

  private static final long NS_PER_SECOND = 1_000_000_000L;

  /** What {@code /proc/PID/stat} counts time in; the same on every Linux that runs us. */
  private static final long TICKS_PER_SECOND = 100;

  private static final int PARENT_FIELD_AFTER_NAME = 1;
  private static final int FLAGS_FIELD_AFTER_NAME = 6;
  private static final int START_TIME_FIELD_AFTER_NAME = 19;

  /** PF_KTHREAD of the kernel's {@code include/linux/sched.h}. */
  private static final long KERNEL_THREAD_FLAG = 0x0020_0000;

  private static final String NAMESPACE_PIDS = "NSpid:";

  /**
   * The initial PID namespace, PROC_PID_INIT_INO of the kernel's {@code include/linux/proc_ns.h}.
   */
  public static final long INITIAL_PID_NS = 0xEFFF_FFFCL;

  private final Path proc;
  private final String procText;
  private final Path hostRoot;
  private final CgroupTree cgroups;

  /** The processes of this host. */
  public HostProcesses(HostFilesystem host) {
    this.proc = host.proc();
    this.procText = proc + "/";
    this.hostRoot = host.root();
    this.cgroups = new CgroupTree(host);
  }

  /** The host's control groups. */
  public CgroupTree cgroups() {
    return cgroups;
  }

  /** Inode number of the process's mount namespace. */
  public long mountNs(long pid) {
    return namespace(Long.toString(pid), "mnt");
  }

  /** Inode number of the process's network namespace. */
  public long netNs(long pid) {
    return namespace(Long.toString(pid), "net");
  }

  /** The process's control group. */
  public Cgroup cgroup(long pid) {
    return cgroups.ofProcess(lines(of(pid, "cgroup")));
  }

  /** The paths of the process's control groups, empty if it is gone. */
  public CgroupTree.Paths cgroupPaths(long pid) {
    return cgroups.paths(lines(of(pid, "cgroup")));
  }

  /** Inode number of the process's PID namespace. */
  public long pidNs(long pid) {
    return namespace(Long.toString(pid), "pid");
  }

  /**
   * Inode number of the PID namespace whose numbers this host's processes have: the initial one, or
   * that of a node which shares its kernel with others.
   */
  public long hostPidNs() {
    long ofFirst = pidNs(1);
    return ofFirst != 0 ? ofFirst : INITIAL_PID_NS;
  }

  /** Inode number of the PID namespace of what the process starts; nearly always its own. */
  public long pidNsOfChildren(long pid) {
    return namespace(Long.toString(pid), "pid_for_children");
  }

  /** When the process was started, in clock ticks since boot. */
  public long startTicks(long pid) {
    return statNumber(pid, START_TIME_FIELD_AFTER_NAME);
  }

  /** The process's parent, by its id on the host; 0 if it has none there. */
  public long parent(long pid) {
    return statNumber(pid, PARENT_FIELD_AFTER_NAME);
  }

  private long statNumber(long pid, int field) {
    // The name may hold spaces, brackets and line ends: the fields begin after the last bracket.
    String line = text(of(pid, "stat"));
    int at = line.lastIndexOf(')') + 1;
    for (int i = 0; i < field && at > 0; i++) {
      at = line.indexOf(' ', at + 1);
    }
    int end = at < 0 ? -1 : line.indexOf(' ', at + 1);
    return end < 0 ? 0 : number(line.substring(at, end));
  }

  /** The process's ids in its PID namespaces, the host's first; empty if it is gone. */
  public List<Long> pidsInNamespaces(long pid) {
    for (String line : lines(of(pid, "status"))) {
      if (line.startsWith(NAMESPACE_PIDS)) {
        String[] numbers = line.substring(NAMESPACE_PIDS.length()).strip().split("\\s+");
        return Arrays.stream(numbers).map(HostProcesses::number).toList();
      }
    }
    return List.of();
  }

  /**
   * The host's own mount namespace. Process 1 is not always ours to look at; 2 makes the kernel's
   * threads, in the same place. Who may look at neither (no CAP_SYS_PTRACE) most likely runs there.
   */
  public long hostMountNs() {
    long ofFirst = mountNs(1);
    long known = ofFirst != 0 ? ofFirst : mountNs(2);
    return known != 0 ? known : namespace("self", "mnt");
  }

  /** The host's own network namespace. */
  public long hostNetNs() {
    long ofFirst = netNs(1);
    return ofFirst != 0 ? ofFirst : netNs(2);
  }

  /** The mount namespaces that have processes, and of each the process with the lowest number. */
  public Map<Long, Long> byMountNs() {
    Map<Long, Long> found = new HashMap<>();
    for (long pid : all()) {
      long mountNs = mountNs(pid);
      if (mountNs != 0) {
        found.merge(mountNs, pid, Math::min);
      }
    }
    return found;
  }

  /**
   * True if it executes no program, but works for the kernel; some have namespaces of their own.
   */
  public boolean isKernelThread(long pid) {
    return (statNumber(pid, FLAGS_FIELD_AFTER_NAME) & KERNEL_THREAD_FLAG) != 0;
  }

  /** True if the root directory of the process is the host's. */
  public boolean hasHostsRoot(long pid) {
    try {
      return Files.isSameFile(root(pid), hostRoot);
    } catch (IOException e) {
      // Gone, so nothing says that it has.
      return false;
    }
  }

  /** Every process there is, in no order. */
  public List<Long> all() {
    try (Stream<Path> entries = Files.list(proc)) {
      return entries
          .map(entry -> number(entry.getFileName().toString()))
          .filter(pid -> pid > 0)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + proc + ": not readable", e);
    }
  }

  /** When the process was started, ns since 1970. */
  public long startedAtNs(long pid) {
    long ticks = startTicks(pid);
    if (ticks == 0) {
      return 0;
    }
    for (String line : lines(procText + "stat")) {
      if (line.startsWith("btime ")) {
        long bootSeconds = number(line.substring("btime ".length()));
        return bootSeconds * NS_PER_SECOND + ticks * (NS_PER_SECOND / TICKS_PER_SECOND);
      }
    }
    return 0;
  }

  /** The process's root directory as others reach it. */
  public Path root(long pid) {
    return proc.resolve(Long.toString(pid)).resolve("root");
  }

  /** The process's working directory, empty if it cannot be read. */
  public String workingDirectory(long pid) {
    return Objects.requireNonNullElse(Libc.linkTarget(of(pid, "cwd")), "");
  }

  /** A process in this mount namespace, 0 if there is none. */
  public long anyIn(long mountNs) {
    return all().stream().filter(pid -> mountNs(pid) == mountNs).findFirst().orElse(0L);
  }

  private long namespace(String process, String kind) {
    String link = Libc.linkTarget(procText + process + "/ns/" + kind);
    int open = link == null ? -1 : link.indexOf('[');
    return link != null && open > 0 && link.endsWith("]")
        ? number(link.substring(open + 1, link.length() - 1))
        : 0;
  }

  private String of(long pid, String file) {
    return procText + pid + "/" + file;
  }

  private static List<String> lines(String file) {
    String text = text(file);
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  private static String text(String file) {
    // The process is gone, or another user's where we may not look.
    return Objects.requireNonNullElse(Libc.readText(file), "");
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
