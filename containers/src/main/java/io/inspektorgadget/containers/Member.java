// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.kernel.namespace.NamespaceFd;
import io.inspektorgadget.kernel.proc.PidFd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import org.jspecify.annotations.Nullable;

/**
 * One mount namespace in the roster: that of a container, or one that a container's process made.
 * Owned and used by its roster only.
 */
final class Member implements AutoCloseable {
  private final boolean isNamespace;
  private ContainerInfo container;
  private @Nullable NamespaceFd pin;
  private @Nullable PidFd watch;
  private boolean isLiving = true;
  private long endedAtNs;

  /**
   * A living member.
   *
   * @param isNamespace true for a further namespace of a container
   */
  Member(ContainerInfo container, boolean isNamespace) {
    this.container = container;
    this.isNamespace = isNamespace;
  }

  ContainerInfo container() {
    return container;
  }

  boolean isNamespace() {
    return isNamespace;
  }

  boolean isLiving() {
    return isLiving;
  }

  /** On the clock of System.nanoTime. */
  long endedAtNs() {
    return endedAtNs;
  }

  /** How many files are open for it. */
  int descriptors() {
    return (pin == null ? 0 : 1) + (watch == null ? 0 : 1);
  }

  boolean isWatched() {
    return watch != null;
  }

  /** True if no other namespace can be taken for its: by its unique id, or because it is held. */
  boolean isDistinct() {
    return container.mountNs().uniqueId() != 0 || pin != null;
  }

  /** The namespace's unique id is known now. */
  void learn(MountNs mountNs) {
    container = container.seenThrough(container.pid(), mountNs);
  }

  /** The container is looked after through another process, its first one having ended. */
  void renamePid(long pid) {
    container = container.seenThrough(pid, container.mountNs());
  }

  /** More is known about the container. */
  void identify(ContainerInfo better) {
    container = better;
  }

  /** Keeps the namespace's number from being used again. */
  void pin(NamespaceFd namespace) {
    pin = namespace;
    long uniqueId = namespace.uniqueId();
    if (uniqueId != 0) {
      // What was known of the number may have been of a namespace that had it before.
      learn(new MountNs(container.mountNs().inode(), uniqueId));
    }
  }

  void watch(PidFd process) {
    watch = process;
  }

  void closeWatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  void end(long nowNs) {
    isLiving = false;
    endedAtNs = nowNs;
    closeWatch();
  }

  @Override
  public void close() {
    closeWatch();
    if (pin != null) {
      pin.close();
      pin = null;
    }
  }
}
