// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.model.container.ContainerInfo;

/**
 * Hears of the containers that a subscription selects.
 *
 * <p>Called by one thread at a time, in the order of the changes, while the collection waits: be
 * short. An exception is a warning of the collection and ends nothing.
 */
public interface ContainerListener {

  /**
   * Whether starts of containers are to wait until this has been told of them, where they can be
   * held. Nobody is held before one such listener has subscribed.
   */
  default boolean isAwaited() {
    return true;
  }

  /** A container is there; before the first instruction of its program is known to matter. */
  void added(ContainerInfo container);

  /** A container has ended. Its identity can still be looked up for two seconds. */
  void removed(ContainerInfo container);

  /**
   * More is known of a container than before, such as its name. It was selected and still is; one
   * that only now is selected, or no more, is told as added or removed.
   */
  default void changed(ContainerInfo container) {
    // Nothing that filters need to hear: the namespace is the same.
  }

  /**
   * A process of a container made a mount namespace of its own. Whoever filters by namespace treats
   * it as the container; whoever lists containers overrides this with nothing.
   *
   * @param container the container's identity with the new namespace as its mount namespace
   */
  default void namespaceAdded(ContainerInfo container) {
    added(container);
  }

  /**
   * Starts of containers, of whichever selection, went on before listeners were told of them,
   * because it took longer than a start may be held.
   *
   * @param count how many since the last call; positive
   */
  default void late(long count) {
    // Who shows what containers do counts it as a loss; to all others it makes no difference.
  }

  /** Such a namespace is gone; the counterpart of {@link #namespaceAdded}. */
  default void namespaceRemoved(ContainerInfo container) {
    removed(container);
  }
}
