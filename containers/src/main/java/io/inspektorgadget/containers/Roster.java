// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.index.ContainerIndex;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.PodInfo;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The members of a collection and what is held open for each: its mount namespace, so that the
 * namespace's number stays its own until two seconds after its end and until every reader has read
 * what was written before, and its process, whose end the epoll set reports. {@link #index()} may
 * be called by any thread; its owner calls the rest one at a time and closes it.
 */
final class Roster implements AutoCloseable {
  /** How long a member that ended can be looked up at least. */
  static final long REMEMBERED_MS = 2_000;

  /** So long at most for readers that lag, or read only now and then. */
  static final long REMEMBERED_MAX_MS = 600_000;

  /** How long at most the namespace of a member that ended is held: each costs a descriptor. */
  static final long PINNED_MAX_MS = 15_000;

  private static final long LAGGARD_CHECK_MS = 100;

  /** A hostile container may make namespaces without end. */
  static final int NAMESPACES_PER_CONTAINER_MAX = 256;

  private static final long NS_PER_MS = 1_000_000;
  private static final long UNWATCHED_CHECK_MS = 1_000;

  private final Subscribers subscribers;
  private final Consumer<String> warnings;
  private final MemberWatches watches;
  private final List<ReadingProgress> readers = new CopyOnWriteArrayList<>();
  private final long hostNetNs;

  /** By token, in the order in which they came. */
  private final Map<Integer, Member> members = new LinkedHashMap<>();

  private int nextToken;
  private UnaryOperator<PodInfo> pods = UnaryOperator.identity();
  private volatile Published published = new Published(ContainerIndex.EMPTY, 0);

  /**
   * An empty roster.
   *
   * @param epoll where processes are watched
   * @param firstToken tokens from here on are the roster's
   */
  Roster(
      HostProcesses processes,
      Epoll epoll,
      int firstToken,
      Subscribers subscribers,
      Consumer<String> warnings) {
    this.nextToken = firstToken;
    this.subscribers = subscribers;
    this.warnings = warnings;
    this.watches = new MemberWatches(processes, epoll, warnings);
    this.hostNetNs = processes.hostNetNs();
  }

  /** A reader of events whose containers are not to be forgotten before it is through. */
  ReadingProgress followReading() {
    ReadingProgress reader = new ReadingProgress(readers::remove);
    readers.add(reader);
    return reader;
  }

  /** What readers see, and how many others they saw before. */
  private record Published(ContainerIndex index, long number) {}

  /** The members as they are now. */
  ContainerIndex index() {
    return published.index();
  }

  /** The number of what {@link #index} returns; another index has another one. */
  long changes() {
    return published.number();
  }

  /** The further namespaces of living containers. */
  List<ContainerInfo> namespaces() {
    List<ContainerInfo> namespaces = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.isLiving() && member.isNamespace()) {
        namespaces.add(member.container());
      }
    }
    return namespaces;
  }

  /** The living member of this namespace. */
  @Nullable ContainerInfo living(MountNs mountNs) {
    for (Member member : members.values()) {
      if (member.isLiving() && isSame(member.container().mountNs(), mountNs)) {
        return member.container();
      }
    }
    return null;
  }

  private static boolean isSame(MountNs one, MountNs other) {
    return one.inode() == other.inode()
        && (one.uniqueId() == other.uniqueId() || one.uniqueId() == 0 || other.uniqueId() == 0);
  }

  /** A living member's unique id, where its descriptor does not tell it. */
  void learn(MountNs mountNs) {
    if (mountNs.uniqueId() == 0) {
      return;
    }
    for (Member member : members.values()) {
      MountNs known = member.container().mountNs();
      if (member.isLiving() && known.uniqueId() == 0 && isSame(known, mountNs)) {
        member.learn(mountNs);
        publish();
      }
    }
  }

  /** The living container whose namespace has this unique id. */
  @Nullable ContainerInfo ofUniqueId(long uniqueId) {
    for (Member member : members.values()) {
      if (member.isLiving() && member.container().mountNs().uniqueId() == uniqueId) {
        return member.container();
      }
    }
    return null;
  }

  /** Takes a container in and tells everybody. If its process is gone, its end as well. */
  void add(ContainerInfo container) {
    addAll(List.of(container));
  }

  /** Takes containers in as {@link #add} does each of them. */
  void addAll(List<ContainerInfo> containers) {
    enter(containers.stream().map(container -> new Member(completed(container), false)).toList());
  }

  /** A member is known better than before; its process and namespace stay what they are. */
  void identify(ContainerInfo better) {
    for (Member member : List.copyOf(members.values())) {
      ContainerInfo before = member.container();
      if (member.isLiving() && isSame(before.mountNs(), better.mountNs())) {
        ContainerInfo after = completed(better.seenThrough(before.pid(), before.mountNs()));
        if (member.isNamespace()) {
          // A container of its own, it turns out.
          end(List.of(member));
          add(after);
        } else {
          member.identify(after);
          publish();
          subscribers.changed(before, after, false);
        }
        return;
      }
    }
  }

  /** Completes the pods of living members, and of all to come, by what somebody else knows. */
  void completePods(UnaryOperator<PodInfo> knowledge) {
    pods = knowledge;
    complete(container -> true, this::completed);
  }

  private ContainerInfo completed(ContainerInfo container) {
    PodInfo known = container.pod();
    return known.podName().isEmpty() ? container : container.withPod(pods.apply(known));
  }

  /**
   * More is known of living containers, and so of every namespace that they have made.
   *
   * @param which those of which more is known
   * @param completion what is known now, from what was
   */
  void complete(Predicate<ContainerInfo> which, UnaryOperator<ContainerInfo> completion) {
    Map<Member, ContainerInfo> before = new LinkedHashMap<>();
    for (Member member : members.values()) {
      ContainerInfo container = member.container();
      if (member.isLiving() && which.test(container)) {
        ContainerInfo after = completion.apply(container);
        if (!after.equals(container)) {
          before.put(member, container);
          member.identify(after);
        }
      }
    }
    if (!before.isEmpty()) {
      publish();
      before.forEach(
          (member, was) -> subscribers.changed(was, member.container(), member.isNamespace()));
    }
  }

  /** A process of the owner made a mount namespace. */
  void addNamespace(ContainerInfo owner, MountNs mountNs, long pid) {
    long already =
        members.values().stream()
            .filter(m -> m.isLiving() && m.isNamespace() && m.container().id().equals(owner.id()))
            .count();
    if (already >= NAMESPACES_PER_CONTAINER_MAX) {
      warnings.accept(
          "following the mount namespaces of container "
              + owner.name()
              + ": it has made more than "
              + NAMESPACES_PER_CONTAINER_MAX
              + " (its programs in further ones are not traced)");
      return;
    }
    ContainerInfo container = owner.seenThrough(pid, mountNs);
    enter(List.of(new Member(container, true)));
  }

  private void enter(List<Member> newMembers) {
    List<Member> entered = new ArrayList<>();
    List<Member> gone = new ArrayList<>();
    long descriptors = descriptors();
    for (Member member : newMembers) {
      endPredecessors(member.container().mountNs());
      int token = nextToken++;
      boolean isThere = watches.begin(member, token, descriptors);
      if (!isThere && !member.isDistinct()) {
        // The number that is known of it may be another namespace's by now.
        member.close();
        continue;
      }
      if (!isThere) {
        gone.add(member);
      }
      entered.add(member);
      descriptors += member.descriptors();
      members.put(token, member);
    }
    publish();
    entered.forEach(member -> subscribers.added(member.container(), member.isNamespace()));
    end(gone);
  }

  /** The kernel gave the number of a namespace that was not held to a new one. */
  private void endPredecessors(MountNs mountNs) {
    List<Member> predecessors = new ArrayList<>();
    for (Member member : members.values()) {
      MountNs other = member.container().mountNs();
      if (member.isLiving() && other.inode() == mountNs.inode() && !isSame(other, mountNs)) {
        predecessors.add(member);
      }
    }
    end(predecessors);
  }

  private long descriptors() {
    long descriptors = 0;
    for (Member member : members.values()) {
      descriptors += member.descriptors();
    }
    return descriptors;
  }

  /** The watched processes of these tokens have ended; other tokens than members' are ignored. */
  void processesEnded(int[] tokens, int count) {
    List<Member> ended = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < count; i++) {
      Member member = members.get(tokens[i]);
      if (member != null && member.isLiving()) {
        member.closeWatch();
        if (watches.goesOn(member, tokens[i])) {
          changed = true;
        } else {
          ended.add(member);
        }
      }
    }
    if (changed) {
      publish();
    }
    end(ended);
  }

  /** Ends these together: where hundreds go at once, the last one is told of soon as well. */
  private void end(List<Member> ending) {
    if (ending.isEmpty()) {
      return;
    }
    long nowNs = System.nanoTime();
    ending.forEach(member -> member.end(nowNs));
    publish();
    ending.forEach(member -> subscribers.removed(member.container(), member.isNamespace()));
  }

  /** Forgets those whose time is over, and looks after those that could not be watched. */
  void tend() {
    long nowNs = System.nanoTime();
    boolean changed = false;
    Iterator<Member> all = members.values().iterator();
    List<Member> gone = new ArrayList<>();
    while (all.hasNext()) {
      Member member = all.next();
      if (!member.isLiving()) {
        if (isOver(member, nowNs)) {
          member.close();
          all.remove();
          changed = true;
        } else if (nowNs - member.endedAtNs() >= PINNED_MAX_MS * NS_PER_MS) {
          boolean wasDistinct = member.isDistinct();
          member.close();
          changed |= wasDistinct && !member.isDistinct();
        }
      } else if (!member.isWatched()
          && !watches.isOf(member.container(), member.container().pid())) {
        gone.add(member);
      }
    }
    watchLeftOut();
    end(gone);
    if (changed) {
      publish();
    }
  }

  /** Others have ended: there may be room now for those that found none. */
  private void watchLeftOut() {
    for (Map.Entry<Integer, Member> entry : members.entrySet()) {
      Member member = entry.getValue();
      if (member.isLiving() && !member.isWatched()) {
        long descriptors = descriptors();
        if (!watches.hasRoom(descriptors)) {
          return;
        }
        watches.begin(member, entry.getKey(), descriptors);
      }
    }
  }

  private boolean isOver(Member member, long nowNs) {
    long agoNs = nowNs - member.endedAtNs();
    if (agoNs < REMEMBERED_MS * NS_PER_MS) {
      return false;
    }
    return agoNs >= REMEMBERED_MAX_MS * NS_PER_MS
        || readers.stream().allMatch(reader -> reader.hasPassed(member.endedAtNs()));
  }

  /** How long {@link #tend} has nothing to do; negative: for ever. */
  long idleMs() {
    long nowNs = System.nanoTime();
    long idleMs = -1;
    for (Member member : members.values()) {
      long memberMs = -1;
      if (!member.isLiving()) {
        long agoMs = (nowNs - member.endedAtNs()) / NS_PER_MS;
        memberMs = agoMs < REMEMBERED_MS ? REMEMBERED_MS - agoMs + 1 : LAGGARD_CHECK_MS;
      } else if (!member.isWatched()) {
        memberMs = UNWATCHED_CHECK_MS;
      }
      if (memberMs >= 0 && (idleMs < 0 || memberMs < idleMs)) {
        idleMs = memberMs;
      }
    }
    return idleMs;
  }

  /** Once or more for every start and end of a container, however many there are. */
  private void publish() {
    List<ContainerInfo> containers = new ArrayList<>();
    List<ContainerInfo> namespaces = new ArrayList<>();
    List<ContainerInfo> ended = new ArrayList<>();
    for (Member member : members.values()) {
      if (!member.isLiving() && !member.isDistinct()) {
        // A record of its number would be taken for its, whosever that is by now.
        continue;
      }
      List<ContainerInfo> among =
          !member.isLiving() ? ended : member.isNamespace() ? namespaces : containers;
      among.add(member.container());
    }
    ContainerIndex index = new ContainerIndex(containers, namespaces, ended, hostNetNs);
    published = new Published(index, published.number() + 1);
  }

  @Override
  public void close() {
    members.values().forEach(Member::close);
    members.clear();
  }
}
