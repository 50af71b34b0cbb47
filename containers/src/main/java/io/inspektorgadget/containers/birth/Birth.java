// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.identity.Identity;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new mount namespace whose first program is about to run. Immutable; what is unknown is empty or
 * 0.
 *
 * @param cause why it counts as one
 * @param mountNs the namespace
 * @param ownerUniqueId unique id of the namespace whose container it belongs to; its own if new
 * @param process its first process
 * @param netNsId inode of the process's network namespace
 * @param cgroup the process's control groups
 * @param nodeName the host name that the process sees
 * @param command the runtime's command line
 * @param timeNs when, on the monotonic clock
 * @param identity who the container is, if it was found out while it was being made; else null
 */
public record Birth(
    Cause cause,
    MountNs mountNs,
    long ownerUniqueId,
    FirstProcess process,
    long netNsId,
    Groups cgroup,
    String nodeName,
    Command command,
    long timeNs,
    @Nullable Identity identity) {

  /** How a runtime is called; there is no such bundle. */
  static final List<String> REHEARSED =
      List.of("runc", "run", "--bundle", "/nonexistent/bundle", "rehearsal");

  /** Of a namespace that is there, with this process in it, and was not announced. */
  public static Birth unannounced(long mountNs, long pid) {
    return new Birth(
        Cause.UNEXPLAINED,
        new MountNs(mountNs, 0),
        0,
        new FirstProcess(pid, 0, ""),
        0,
        Groups.UNKNOWN,
        "",
        Command.NONE,
        System.nanoTime(),
        null);
  }

  /** What a runtime's birth would be if this process were a container's; for rehearsals. */
  public static Birth rehearsed(long mountNs, long pid) {
    Command command = new Command(pid, REHEARSED, false, "/");
    Birth plain = unannounced(mountNs, pid);
    return new Birth(
        Cause.BY_RUNTIME,
        plain.mountNs(),
        0,
        plain.process(),
        0,
        plain.cgroup(),
        "",
        command,
        plain.timeNs(),
        null);
  }

  /** Why a namespace is announced. */
  public enum Cause {
    /** A container runtime that we follow made it. */
    BY_RUNTIME,
    /** Nobody knows who made it. */
    UNEXPLAINED,
    /** A process of a known container made it. */
    INHERITED
  }

  /**
   * The first process.
   *
   * @param pid its process id on the host, as the host's /proc has it
   * @param pidInNamespace its process id as it sees it itself
   * @param comm its short name
   */
  public record FirstProcess(long pid, long pidInNamespace, String comm) {}

  /**
   * Control groups of a process.
   *
   * @param unifiedId id in the v2 tree
   * @param unifiedLeaf last part of its path there, empty at the root
   * @param pidsId id in the v1 pids hierarchy
   * @param pidsLeaf last part of its path there, empty at the root
   */
  public record Groups(long unifiedId, String unifiedLeaf, long pidsId, String pidsLeaf) {

    /** To be asked of the process. */
    public static final Groups UNKNOWN = new Groups(0, "", 0, "");
  }

  /**
   * How the runtime was called.
   *
   * @param pid the runtime's process
   * @param words its command line; unmodifiable
   * @param truncated true if words are missing at the end
   * @param workingDirectory where it was called, empty if unknown
   */
  public record Command(long pid, List<String> words, boolean truncated, String workingDirectory) {

    /** Nobody called a runtime. */
    public static final Command NONE = new Command(0, List.of(), false, "");

    public Command {
      words = List.copyOf(words);
    }
  }
}
