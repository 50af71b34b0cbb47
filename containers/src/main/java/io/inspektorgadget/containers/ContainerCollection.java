// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.birth.Birth;
import io.inspektorgadget.containers.birth.BirthIdentity;
import io.inspektorgadget.containers.birth.HeldStarts;
import io.inspektorgadget.containers.birth.LineageHook;
import io.inspektorgadget.containers.birth.RuntimeBinaries;
import io.inspektorgadget.containers.engine.EngineAnswer;
import io.inspektorgadget.containers.identity.CgroupTree;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.kernel.io.SystemCallException;
import io.inspektorgadget.kernel.io.ThreadEnd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The containers of this machine: those that run when it starts, and from then on every one that is
 * born or ends, noticed by a thread of its own.
 *
 * <p>Thread-safe. Whoever starts it closes it; closing joins the thread and gives every kernel
 * object back. The look-ups neither wait nor allocate.
 */
public final class ContainerCollection implements AutoCloseable {
  private static final int WAKE = 0;
  private static final int BIRTHS = 1;
  private static final int HELD = 2;
  private static final int FIRST_MEMBER = 3;
  private static final int TOKENS = 64;

  private final ReentrantLock changes = new ReentrantLock(true);
  private final Warnings warnings = new Warnings();
  private final Epoll epoll = Epoll.open();
  private final EventFd wake = EventFd.open();
  private final HostProcesses processes;
  private final BirthIdentity identity;
  private final Subscribers subscribers = new Subscribers(warnings);
  private final Roster roster;
  private final Discovery discovery;
  private final EngineInquiry engines;
  private final HostFilesystem host;
  private final CollectionOptions options;
  private @Nullable LineageHook hook;
  private volatile @Nullable HeldStarts held;
  private final DismissedNamespaces dismissed = new DismissedNamespaces();
  private volatile boolean isFirstAwaited;
  private volatile long workedThroughNs = System.nanoTime();
  private final Thread thread = new Thread(this::serve, "containers");
  private volatile boolean closed;
  private boolean wasAwaited;
  private long lostBirths;
  private long lateStarts;

  private ContainerCollection(HostFilesystem host, CollectionOptions options) {
    this.host = host;
    this.options = options;
    this.processes = new HostProcesses(host);
    this.identity = new BirthIdentity(host, processes);
    this.roster = new Roster(processes, epoll, FIRST_MEMBER, subscribers, warnings);
    this.discovery = new Discovery(host, processes, options, identity, roster);
    this.engines = new EngineInquiry(host, options.engineSockets(), this::complete, warnings);
  }

  /**
   * Starts a collection: first births are noticed, then what runs already is looked for, so that
   * nothing is missed between. Where the kernel program cannot run, {@link #warnings} says why, and
   * only what runs now is known.
   */
  public static ContainerCollection start(HostFilesystem host, CollectionOptions options) {
    ContainerCollection collection = new ContainerCollection(host, options);
    try {
      collection.begin();
      return collection;
    } catch (RuntimeException e) {
      collection.close();
      throw e;
    }
  }

  private @Nullable LineageHook openHook() {
    try {
      return LineageHook.open(runtimeBinaries(), processes.hostPidNs());
    } catch (SystemCallException e) {
      warnings.accept(
          "following new containers: " + e.getMessage() + " (only those that run now are known)");
      return null;
    }
  }

  /** Nobody is held before there is somebody to be told. */
  private void begunToBeNeeded() {
    isFirstAwaited = false;
    long pid = ProcessHandle.current().pid();
    // The first container of all must not wait for code that has never run.
    identity.of(Birth.rehearsed(processes.mountNs(pid), pid));
    if (options.holdsStarts()) {
      openHeldStarts();
    }
  }

  private void openHeldStarts() {
    try {
      HeldStarts opened =
          HeldStarts.open(host, processes, runtimeBinaries(), options.followsEngines(), warnings);
      held = opened;
      epoll.add(opened.fd(), HELD);
    } catch (SystemCallException e) {
      warnings.accept("holding starts of containers: " + e.getMessage() + " (none is held)");
    }
  }

  private void complete(ContainerInfo known, EngineAnswer answer) {
    changes.lock();
    try {
      // What holds for a container holds for every namespace that it has made.
      roster.complete(
          member -> member.id().equals(known.id()) && member.bundle().equals(known.bundle()),
          answer::completing);
    } finally {
      changes.unlock();
    }
  }

  /**
   * Waits until the engines have told what is known of the containers so far. Nobody has to: what
   * they tell is told to listeners when it comes.
   *
   * @param limitMs how long at most
   * @return false if the time was too short
   */
  public boolean awaitEngines(long limitMs) throws InterruptedException {
    return engines.awaitAnswers(limitMs);
  }

  private RuntimeBinaries runtimeBinaries() {
    return new RuntimeBinaries(host, options.runtimeFolders(), options.runtimePaths());
  }

  private void begin() {
    epoll.add(wake.fd(), WAKE);
    hook = options.followsBirths() ? openHook() : null;
    if (hook != null) {
      epoll.add(hook.fd(), BIRTHS);
    }
    changes.lock();
    try {
      subscribers.add(ContainerSelector.ALL_CONTAINERS, engines, List.of(), List.of());
      discovery.begin(hook);
    } finally {
      changes.unlock();
    }
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Tells a listener about the containers that match: at once and on the caller's thread about
   * those that run, and from then on, on the collection's thread, about every change, with nothing
   * between.
   *
   * @return closed by the caller
   */
  public Subscription subscribe(ContainerSelector selector, ContainerListener listener) {
    changes.lock();
    try {
      Runnable end =
          subscribers.add(selector, listener, roster.index().containers(), roster.namespaces());
      if (!wasAwaited && listener.isAwaited()) {
        wasAwaited = true;
        isFirstAwaited = true;
        wake.signal();
      }
      return () -> {
        changes.lock();
        try {
          end.run();
        } finally {
          changes.unlock();
        }
      };
    } finally {
      changes.unlock();
    }
  }

  /**
   * Completes the pods of containers by what somebody else knows of pods: of those that run, whose
   * subscribers hear of it before this returns, and of all that are to come. Called again whenever
   * more is known.
   *
   * @param knowledge what is known of a pod in place of what runtimes say; the same for one that it
   *     does not know. Called by any thread, while starts of containers wait: be short
   */
  public void completePods(UnaryOperator<PodInfo> knowledge) {
    changes.lock();
    try {
      roster.completePods(knowledge);
    } finally {
      changes.unlock();
    }
  }

  /**
   * Keeps ended containers known to {@link #byMountNs} for as long as this reader has records of
   * theirs to read, at most 10 minutes.
   *
   * @return closed by the caller when it reads no more
   */
  public ReadingProgress followReading() {
    return roster.followReading();
  }

  /**
   * The container of a mount namespace, until two seconds after its end at least; null for the
   * host's.
   *
   * @param inode the namespace's inode number
   * @param uniqueId its id that is never used again; 0 if unknown
   */
  public @Nullable ContainerInfo byMountNs(long inode, long uniqueId) {
    return roster.index().byMountNs(inode, uniqueId);
  }

  /**
   * The container of a network namespace; of several in one pod one that has the pod's names only.
   * Null for the host's, and where containers that are not of one pod share it.
   */
  public @Nullable ContainerInfo byNetNs(long inode) {
    return roster.index().byNetNs(inode);
  }

  /** The container of a control group, by its id in the v2 tree or the v1 pids hierarchy. */
  public @Nullable ContainerInfo byCgroup(long id) {
    return roster.index().byCgroup(id);
  }

  /** The containers that run; unmodifiable. */
  public List<ContainerInfo> containers() {
    return roster.index().containers();
  }

  /**
   * The kernel's map of namespaces that were announced and are not identified yet, for gadgets to
   * reuse; null if the program does not run. Valid until this collection is closed.
   */
  public @Nullable BpfMap newbornMap() {
    return hook == null ? null : hook.newborns().map();
  }

  /**
   * The moment of System.nanoTime before which every container was born that is known now: what
   * happened before it in a container that is not known will not be explained later.
   */
  public long workedThroughNs() {
    return workedThroughNs;
  }

  /** Lets {@link #workedThroughNs} go on soon; it stands still while there is nothing to do. */
  public void askWorkedThrough() {
    wake.signal();
  }

  /** How often what the look-ups answer has changed. */
  public long changes() {
    return roster.changes();
  }

  /**
   * True if this mount namespace was announced as new lately and turned out to be no container's:
   * that of a pod's sandbox, or of a service of the host.
   *
   * @param inode the namespace's inode number
   * @param uniqueId its id that is never used again; 0 if unknown
   */
  public boolean isNoContainer(long inode, long uniqueId) {
    return dismissed.contains(inode, uniqueId);
  }

  /** True if the kernel announced this mount namespace and it is not identified yet. */
  public boolean isPending(long mntNsInode) {
    return hook != null && hook.newborns().contains(mntNsInode);
  }

  /** The binaries of runtimes whose starts are held at the moment, as this process finds them. */
  public List<Path> heldBinaries() {
    HeldStarts holding = held;
    return holding == null ? List.of() : holding.binaries();
  }

  /** What went wrong without ending the collection, oldest first; unmodifiable. */
  public List<String> warnings() {
    return warnings.all();
  }

  /**
   * Tells of every warning that there is, at once, and of every one to come.
   *
   * @param listener called by any thread while starts of containers wait: be short
   */
  public void onWarning(Consumer<String> listener) {
    warnings.addListener(listener);
  }

  /** True while changes are noticed; false after it was closed, or its thread came to grief. */
  public boolean isServing() {
    return thread.isAlive();
  }

  private void serve() {
    int[] tokens = new int[TOKENS];
    try {
      while (!closed) {
        HeldStarts holding = held;
        boolean mayBlock =
            (hook == null || hook.prepareToBlock())
                && (holding == null || holding.prepareToBlock());
        int count = epoll.await(tokens, mayBlock ? idleMs() : 0);
        long beganNs = System.nanoTime();
        changes.lock();
        try {
          turn(tokens, count);
        } finally {
          changes.unlock();
        }
        if (hook == null || hook.prepareToBlock()) {
          workedThroughNs = beganNs;
        }
      }
    } catch (RuntimeException e) {
      warnings.accept(
          "noticing containers: " + e.getMessage() + " (from now on none is noticed; start again)");
    }
  }

  private long idleMs() {
    long ofRoster = roster.idleMs();
    long ofDiscovery = discovery.idleMs();
    long sooner = Math.min(ofRoster, ofDiscovery);
    return sooner < 0 ? Math.max(ofRoster, ofDiscovery) : sooner;
  }

  private void turn(int[] tokens, int count) {
    HeldStarts holding = held;
    if (holding != null) {
      // First those who wait for us.
      holding.drain(this::born);
    }
    if (isFirstAwaited) {
      begunToBeNeeded();
    }
    if (hook != null) {
      hook.drain(this::born);
    }
    for (int i = 0; i < count; i++) {
      if (tokens[i] == WAKE) {
        wake.drain();
      }
    }
    roster.processesEnded(tokens, count);
    checkLoss();
    checkLate();
    roster.tend();
    discovery.tend();
  }

  private void born(Birth birth) {
    MountNs mountNs = birth.mountNs();
    try {
      if (roster.living(mountNs) == null) {
        enter(birth);
        if (roster.index().byMountNs(mountNs.inode(), mountNs.uniqueId()) == null) {
          dismissed.add(mountNs);
        }
      } else {
        roster.learn(mountNs);
      }
    } catch (RuntimeException e) {
      // One container that we cannot take in must not cost all later ones.
      warnings.accept("identifying the container of mount namespace " + mountNs.inode() + ": " + e);
    } finally {
      // Listeners have told their filters: from here on the members' maps decide.
      forgetNewborn(mountNs);
    }
  }

  private void forgetNewborn(MountNs mountNs) {
    if (hook != null) {
      hook.newborns().forget(mountNs.inode(), mountNs.uniqueId());
    }
  }

  private void enter(Birth birth) {
    HeldStarts holding = held;
    if (holding != null && birth.cause() == Birth.Cause.UNEXPLAINED) {
      holding.refreshRuntimes();
    }
    Optional<ContainerInfo> owner = owner(birth);
    if (owner.isPresent()) {
      if (!discovery.explains(birth, owner.get())) {
        roster.addNamespace(owner.get(), birth.mountNs(), birth.process().pid());
      }
    } else if (birth.cause() == Birth.Cause.BY_RUNTIME || !discovery.explains(birth)) {
      identity.of(birth).ifPresent(roster::add);
    }
  }

  /** The container whose process made the namespace. */
  private Optional<ContainerInfo> owner(Birth birth) {
    return switch (birth.cause()) {
      case BY_RUNTIME -> Optional.empty();
      case INHERITED -> Optional.ofNullable(roster.ofUniqueId(birth.ownerUniqueId()));
      case UNEXPLAINED -> {
        long group = CgroupTree.tellingId(birth.cgroup().unifiedId(), birth.cgroup().pidsId());
        // Several that nobody can explain may share a group of a session or a service.
        yield Optional.ofNullable(roster.index().byCgroup(group))
            .filter(owner -> !owner.runtime().runtimeName().equals(BirthIdentity.UNKNOWN));
      }
    };
  }

  private void checkLoss() {
    LineageHook opened = hook;
    if (opened == null) {
      return;
    }
    long lost = opened.lost();
    if (lost == lostBirths) {
      return;
    }
    warnings.accept(
        "noticing new containers: " + (lost - lostBirths) + " births were lost (too many at once)");
    lostBirths = lost;
    discovery.rescan();
    for (long mountNs : opened.newborns().mountNamespaces()) {
      long pid = processes.anyIn(mountNs);
      if (pid != 0 && roster.living(new MountNs(mountNs, 0)) == null) {
        identity.of(Birth.unannounced(mountNs, pid)).ifPresent(roster::add);
      }
      opened.newborns().forget(mountNs, 0);
    }
  }

  private void checkLate() {
    HeldStarts holding = held;
    long late = holding == null ? 0 : holding.lost();
    if (late > lateStarts) {
      subscribers.late(late - lateStarts);
      lateStarts = late;
    }
  }

  /** Ends the thread and every subscription, and closes what was opened. Closing twice is fine. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    HeldStarts holding = held;
    if (holding != null) {
      // First of all, so that nobody waits for us while the rest ends.
      holding.stop();
    }
    wake.signal();
    ThreadEnd.await(thread);
    engines.close();
    roster.close();
    // The thread may have opened it a moment ago.
    holding = held;
    if (holding != null) {
      holding.close();
    }
    if (hook != null) {
      hook.close();
    }
    wake.close();
    epoll.close();
  }
}
