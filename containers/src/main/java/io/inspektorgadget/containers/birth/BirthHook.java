// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.kernel.bpf.BpfMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that notices new containers before their first instruction. Used by one thread, and
 * closed by who opened it; closing gives every kernel object back.
 */
public interface BirthHook extends AutoCloseable {

  /** A file descriptor that epoll finds readable while births wait. */
  int fd();

  /**
   * Hands over every waiting birth, oldest first.
   *
   * @return how many there were
   */
  int drain(Consumer<Birth> births);

  /** True when a thread may wait for {@link #fd}; false when {@link #drain} has more to give. */
  boolean prepareToBlock();

  /** How many births were noticed and not told, since the start; only grows. */
  long lost();

  /**
   * The unique id of a namespace that existed when the hook began, 0 if it is not among them.
   *
   * @param mountNs inode number of the namespace
   */
  long uniqueIdOfExisting(long mountNs);

  /** Mount namespaces made in this one from now on belong to it. */
  void adopt(long uniqueId);

  /** Namespaces announced and not yet identified; null if the hook keeps none. */
  @Nullable Newborns newborns();

  @Override
  void close();

  /** The namespaces that the kernel announced and nobody has identified yet. Thread-safe. */
  interface Newborns {

    /** The kernel's map: mount namespace to unique id. Whoever reuses it does not close it. */
    BpfMap map();

    /** True if this namespace was announced and is not identified yet. */
    boolean contains(long mountNs);

    /** The namespace is identified, or gone; a newer one of the same number stays. */
    void forget(long mountNs, long uniqueId);

    /** The inode numbers of all of them. */
    java.util.List<Long> mountNamespaces();
  }
}
