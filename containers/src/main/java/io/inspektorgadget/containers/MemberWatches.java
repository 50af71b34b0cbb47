// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCallException;
import io.inspektorgadget.kernel.namespace.NamespaceFd;
import io.inspektorgadget.kernel.proc.PidFd;
import io.inspektorgadget.model.container.ContainerInfo;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens what is held for each member of the roster: its process, whose end the epoll set reports,
 * and its mount namespace. The member closes it. Used by the roster only.
 */
final class MemberWatches {
  private final HostProcesses processes;
  private final Epoll epoll;
  private final Consumer<String> warnings;
  private final DescriptorBudget budget;

  /**
   * Watches nothing yet.
   *
   * @param epoll where processes are watched
   * @param warnings told what cannot be watched, and why
   */
  MemberWatches(HostProcesses processes, Epoll epoll, Consumer<String> warnings) {
    this.processes = processes;
    this.epoll = epoll;
    this.warnings = warnings;
    this.budget = new DescriptorBudget(Libc::openFilesMax, warnings);
  }

  /**
   * Watches a member, if there is room.
   *
   * @param descriptors how many files are open for the others
   * @return false if its process is gone
   */
  boolean begin(Member member, int token, long descriptors) {
    ContainerInfo container = member.container();
    if (!budget.takes(container.name(), descriptors)) {
      return isOf(container, container.pid());
    }
    try {
      // What a container's process made itself is not pinned: there is no end to it.
      return member.isNamespace()
          ? watch(member, token, container.pid())
          : watchAndPin(member, token, container.pid());
    } catch (SystemCallException e) {
      return isWatchedAsFarAsCanBe(member, e);
    }
  }

  private boolean isWatchedAsFarAsCanBe(Member member, SystemCallException e) {
    ContainerInfo container = member.container();
    boolean isOutOfFiles = e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE;
    if (!isOutOfFiles && !isOf(container, container.pid())) {
      // It ended a moment ago, or the number is another one's by now.
      member.closeWatch();
      return false;
    }
    if (e.errno() == Errno.ENOENT) {
      // It is ending: its end will be told. Its namespace may be gone already.
      return member.isDistinct();
    }
    warnings.accept(
        "watching container "
            + container.name()
            + ": "
            + e.getMessage()
            + (isOutOfFiles ? " (raise the limit of open files:" : " (")
            + " its end is noticed late, or its number reused)");
    return true;
  }

  /** True if another one can be watched beside those that have so many files open. */
  boolean hasRoom(long descriptors) {
    return budget.hasRoom(descriptors);
  }

  /**
   * The process that was watched has ended. A namespace can outlive it: it goes on while its
   * control group has others, of which one is watched from now on.
   *
   * @return false if it has none
   */
  boolean goesOn(Member member, int token) {
    ContainerInfo container = member.container();
    for (long pid : processes.cgroups().processes(container.cgroup())) {
      if (isInside(container, pid) && watch(member, token, pid)) {
        member.renamePid(pid);
        return true;
      }
    }
    return false;
  }

  private boolean watch(Member member, int token, long pid) {
    Optional<PidFd> process = PidFd.open(pid);
    if (process.isEmpty()) {
      return false;
    }
    // The process may have ended and its number been given out again before it was opened.
    if (!isOf(member.container(), pid)) {
      process.get().close();
      return false;
    }
    member.watch(process.get());
    epoll.add(process.get().fd(), token);
    return true;
  }

  /** As {@link #watch}; the open namespace tells at once whether the process is the container's. */
  private boolean watchAndPin(Member member, int token, long pid) {
    Optional<PidFd> process = PidFd.open(pid);
    if (process.isEmpty()) {
      return false;
    }
    member.watch(process.get());
    epoll.add(process.get().fd(), token);
    NamespaceFd namespace = NamespaceFd.open(pid, NamespaceFd.Kind.MNT);
    if (namespace.inode() == member.container().mountNs().inode()) {
      member.pin(namespace);
      return true;
    }
    namespace.close();
    if (isOf(member.container(), pid)) {
      return true;
    }
    member.closeWatch();
    return false;
  }

  private boolean isInside(ContainerInfo container, long pid) {
    return processes.mountNs(pid) == container.mountNs().inode();
  }

  /** A container's process may have moved to a mount namespace that it made itself. */
  boolean isOf(ContainerInfo container, long pid) {
    return isInside(container, pid)
        || (container.cgroup().id() != 0 && processes.cgroup(pid).id() == container.cgroup().id());
  }
}
