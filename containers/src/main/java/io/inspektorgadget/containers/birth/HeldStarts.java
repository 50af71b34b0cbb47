// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.birth.Birth.Cause;
import io.inspektorgadget.containers.birth.Birth.FirstProcess;
import io.inspektorgadget.containers.birth.PendingStarts.Awaited;
import io.inspektorgadget.containers.birth.PendingStarts.FirstOpen;
import io.inspektorgadget.containers.birth.PendingStarts.PendingStart;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.RuntimeCommand;
import io.inspektorgadget.kernel.fanotify.FanotifyGate;
import io.inspektorgadget.kernel.fanotify.GateListener;
import io.inspektorgadget.kernel.fanotify.HeldCommand;
import io.inspektorgadget.kernel.fanotify.HeldEvent;
import io.inspektorgadget.kernel.fanotify.HeldThread;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.kernel.io.SystemCallException;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the start of containers until everybody who asked has been told about them: the runtime at
 * its own execution, where its command line and bundle are read and the container's root directory
 * is marked, and then the container's first process when it opens that directory, already in its
 * final mount namespace; with {@code --no-pivot}, when it executes its program, or, if it was only
 * created, the runtime when it is called to start it.
 *
 * <p>What is not understood goes on at once, and everything after 200 ms ({@link FanotifyGate}).
 * Containers of runtimes at places that nobody knows are not noticed.
 *
 * <p>{@link #drain} is called by one thread, the rest is thread-safe. Closed by who opened it.
 */
public final class HeldStarts implements BirthHook {
  private final HostFilesystem host;
  private final HostProcesses processes;
  private final MarkedBinaries binaries;
  private final Consumer<String> warnings;
  private final EventFd arrivals = EventFd.open();
  private final Queue<HeldBirth> births = new ConcurrentLinkedQueue<>();
  private final FanotifyGate gate;

  private HeldStarts(
      HostFilesystem host,
      HostProcesses processes,
      MarkedBinaries binaries,
      Consumer<String> warnings) {
    this.host = host;
    this.processes = processes;
    this.binaries = binaries;
    this.warnings = warnings;
    try {
      this.gate = FanotifyGate.open(new Listener());
    } catch (RuntimeException e) {
      arrivals.close();
      throw e;
    }
  }

  /** A birth, and the first process that waits until it is told. */
  private record HeldBirth(Birth birth, HeldEvent event) {}

  /**
   * Begins to hold; {@link #binaries} says what is held already.
   *
   * @param followsEngines whether runtimes are also looked for where running engines find theirs
   * @param warnings told what is not held and why, by any thread
   * @throws SystemCallException if the process that holds cannot be started
   */
  public static HeldStarts open(
      HostFilesystem host,
      HostProcesses processes,
      RuntimeBinaries binaries,
      boolean followsEngines,
      Consumer<String> warnings) {
    EngineRuntimes engines = followsEngines ? new EngineRuntimes(host) : null;
    return new HeldStarts(host, processes, new MarkedBinaries(binaries, engines), warnings);
  }

  /** The runtimes whose execution is held now, in ascending order. */
  public List<Path> binaries() {
    return binaries.paths();
  }

  /** Looks again where running engines find their runtimes. */
  public void refreshRuntimes() {
    binaries.lookForEngines(gate);
  }

  /** The process that holds. */
  public long gatePid() {
    return gate.pid();
  }

  @Override
  public int fd() {
    return arrivals.fd();
  }

  @Override
  public int drain(Consumer<Birth> consumer) {
    arrivals.drain();
    int count = 0;
    for (HeldBirth held = births.poll(); held != null; held = births.poll()) {
      count++;
      try {
        consumer.accept(held.birth());
      } finally {
        gate.allow(held.event());
      }
    }
    return count;
  }

  @Override
  public boolean prepareToBlock() {
    return births.isEmpty();
  }

  /** How many processes went on because nobody answered within 200 ms. */
  @Override
  public long lost() {
    return gate.late();
  }

  @Override
  public long uniqueIdOfExisting(long mountNs) {
    return 0;
  }

  @Override
  public void adopt(long uniqueId) {
    // Namespaces made inside a container are followed by the kernel program only.
  }

  @Override
  public @Nullable Newborns newborns() {
    return null;
  }

  /** Holds nobody from now on; whoever is held goes on. */
  public void stop() {
    gate.close();
  }

  @Override
  public void close() {
    gate.close();
    arrivals.close();
  }

  /** What is done on the gate's thread, while others wait. */
  private final class Listener implements GateListener {
    private final PendingStarts pending = new PendingStarts(host, processes);
    private final BirthIdentity identity = new BirthIdentity(host, processes);

    @Override
    public void opened(FanotifyGate opened) {
      long pid = ProcessHandle.current().pid();
      HeldCommand.words(host.proc(), pid);
      pending.rehearse(pid);
      binaries.refresh(opened);
      binaries.lookForEngines(opened);
    }

    @Override
    public void held(FanotifyGate holder, HeldEvent event) {
      boolean isAnswered = false;
      try {
        isAnswered = isAwaited(event) ? tell(holder, event) : begin(holder, event);
      } catch (RuntimeException e) {
        // One start that we do not understand must not cost all later ones.
        warnings.accept("following a held start: " + e);
      } finally {
        if (!isAnswered) {
          holder.allow(event);
        }
      }
    }

    /** Of a first process, or of somebody who opens or executes the same; else of a runtime. */
    private boolean isAwaited(HeldEvent event) {
      return event.kind() == HeldEvent.Kind.OPEN_DIRECTORY
          || (pending.needs(event.file()) && !binaries.has(event.file()));
    }

    /** True: it goes on when that is told, or else at once, and the rest follows after that. */
    private boolean begin(FanotifyGate holder, HeldEvent event) {
      List<String> words = HeldCommand.words(host.proc(), event.thread().id());
      if (words.isEmpty()) {
        return false;
      }
      holder.follow(event);
      RuntimeCommand command = RuntimeCommand.parse(words, false);
      Optional<FirstOpen> created = pending.begun(event.thread(), command);
      if (created.isPresent()) {
        tell(event, created.get(), thread(created.get().pid()));
        return true;
      }
      Optional<PendingStart> begun = pending.begin(event.thread(), words, command);
      begun.ifPresent(start -> await(holder, start.awaited()));
      holder.allow(event);
      pending.abandoned().forEach(gone -> awaitNoMore(holder, gone.awaited()));
      begun.ifPresent(start ->
          pending.identify(
              start.command().pid(), identity.ofCommand(start.command(), start.config())));
      return true;
    }

    private void await(FanotifyGate holder, Awaited awaited) {
      if (awaited.opensRoot()) {
        holder.markOpen(awaited.path());
      } else if (!binaries.has(awaited.file())) {
        holder.markExec(awaited.path());
      }
    }

    private void awaitNoMore(FanotifyGate holder, Awaited awaited) {
      if (pending.needs(awaited.file())) {
        return;
      }
      if (awaited.opensRoot()) {
        holder.unmarkOpen(awaited.path());
      } else if (!binaries.has(awaited.file())) {
        holder.unmarkExec(awaited.path());
      }
    }

    /** True if it is told by another thread, which then lets the process go on. */
    private boolean tell(FanotifyGate holder, HeldEvent event) {
      Optional<FirstOpen> first = pending.opened(event.file(), event.thread());
      if (!pending.needs(event.file())) {
        holder.unmark(event);
      }
      if (first.isEmpty()) {
        return false;
      }
      tell(event, first.get(), event.thread());
      return true;
    }

    private void tell(HeldEvent event, FirstOpen first, HeldThread opener) {
      births.add(new HeldBirth(birth(first, opener), event));
      arrivals.signal();
    }

    /** The only thread of a process that waits to be started. */
    private HeldThread thread(long pid) {
      return new HeldThread(
          pid, pid, processes.parent(pid), processes.mountNs(pid), 0, processes.netNs(pid));
    }

    private Birth birth(FirstOpen first, HeldThread opener) {
      long netNs = first.pid() == opener.pid() ? opener.netNs() : processes.netNs(first.pid());
      return new Birth(
          Cause.BY_RUNTIME,
          new MountNs(opener.mountNs(), opener.mountNsUniqueId()),
          opener.mountNsUniqueId(),
          new FirstProcess(first.pid(), 0, ""),
          netNs,
          Birth.Groups.UNKNOWN,
          "",
          first.start().command(),
          System.nanoTime(),
          first.start().identity());
    }

    @Override
    public void marked(Path path) {
      binaries.isMarked(path);
    }

    @Override
    public void refused(Path path, String why) {
      if (binaries.isRefused(path)) {
        warnings.accept("holding starts of containers: " + why);
      } else {
        // Its runtime has ended meanwhile, or the file system takes no marks.
        pending.forget(path);
      }
    }

    @Override
    public void late() {
      // Whoever drains looks at the number.
      arrivals.signal();
    }

    @Override
    public void folderChanged(FanotifyGate changed) {
      binaries.refresh(changed);
    }

    @Override
    public void ended(String why) {
      binaries.clear();
      warnings.accept(why + " (new containers are still noticed by the kernel program)");
    }
  }
}
