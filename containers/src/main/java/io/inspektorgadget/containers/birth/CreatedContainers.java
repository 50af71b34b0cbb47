// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.birth.PendingStarts.FirstOpen;
import io.inspektorgadget.containers.birth.PendingStarts.PendingStart;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.containers.identity.RuntimeCommand;
import io.inspektorgadget.containers.source.RuntimeStates;
import io.inspektorgadget.kernel.fanotify.HeldThread;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The containers that {@code create --no-pivot} has made and whose program waits for {@code start}.
 * Nothing opens their root directory, and which of them executes a program cannot be told from the
 * program's file, for they may share it: they are told of while the runtime that starts them is
 * held, by the process that it wrote down when it made them. Used by one thread.
 */
final class CreatedContainers {
  /** More that wait at the same time are left to the other hook, the oldest first. */
  private static final int MAX = 1024;

  private final HostFilesystem host;
  private final HostProcesses processes;
  private final long ownMountNs;
  private final Deque<Created> waiting = new ArrayDeque<>();

  /**
   * None yet.
   *
   * @param ownMountNs this process's mount namespace
   */
  CreatedContainers(HostFilesystem host, HostProcesses processes, long ownMountNs) {
    this.host = host;
    this.processes = processes;
    this.ownMountNs = ownMountNs;
  }

  private record Created(RuntimeCommand by, PendingStart start) {}

  /** A runtime has ended and left its container waiting, if it was called to do that. */
  void add(PendingStart start) {
    RuntimeCommand by = RuntimeCommand.parse(start.command().words(), false);
    if (!by.isCreation() || start.awaited().opensRoot()) {
      return;
    }
    take(by);
    if (waiting.size() == MAX) {
      waiting.removeFirst();
    }
    waiting.addLast(new Created(by, start));
  }

  /**
   * A runtime is held at its own start, called for a container that is there.
   *
   * @return the container and its first process, if it is one of these and is to begin now
   */
  Optional<FirstOpen> begun(HeldThread runtime, RuntimeCommand command) {
    Optional<PendingStart> taken = take(command);
    if (taken.isEmpty() || !command.isStart()) {
      return Optional.empty();
    }
    PendingStart start = taken.get();
    MountView view =
        runtime.mountNs() == ownMountNs
            ? MountView.ofHost(host)
            : MountView.ofProcess(processes, runtime.pid());
    long pid = RuntimeStates.firstProcess(processes, view, command.root(), command.containerId());
    long mountNs = processes.mountNs(pid);
    return mountNs == 0 || mountNs == start.runtimeMountNs()
        ? Optional.empty()
        : Optional.of(new FirstOpen(start, pid));
  }

  private Optional<PendingStart> take(RuntimeCommand command) {
    for (Iterator<Created> each = waiting.iterator(); each.hasNext(); ) {
      Created created = each.next();
      if (created.by().isOfSameContainer(command)) {
        each.remove();
        return Optional.of(created.start());
      }
    }
    return Optional.empty();
  }
}
