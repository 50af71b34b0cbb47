// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Who wants to hear of which containers. Its owner calls one method at a time. */
final class Subscribers {
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final Consumer<String> warnings;

  /** Nobody yet. Exceptions of listeners go to the warnings. */
  Subscribers(Consumer<String> warnings) {
    this.warnings = warnings;
  }

  /** Two subscriptions of one listener are two: compared by identity. */
  private static final class Subscriber {
    private final ContainerSelector selector;
    private final ContainerListener listener;

    Subscriber(ContainerSelector selector, ContainerListener listener) {
      this.selector = selector;
      this.listener = listener;
    }
  }

  /**
   * Tells a listener about every container there is, and from then on about every change.
   *
   * @return ends it; to be called like the other methods
   */
  Runnable add(
      ContainerSelector selector,
      ContainerListener listener,
      List<ContainerInfo> containers,
      List<ContainerInfo> namespaces) {
    Subscriber subscriber = new Subscriber(selector, listener);
    containers.forEach(container -> tell(subscriber, container, ContainerListener::added));
    namespaces.forEach(container -> tell(subscriber, container, ContainerListener::namespaceAdded));
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  void added(ContainerInfo container, boolean isNamespace) {
    tellAll(container, addition(isNamespace));
  }

  void removed(ContainerInfo container, boolean isNamespace) {
    tellAll(container, removal(isNamespace));
  }

  /** More is known of a container: to one it comes, from another it goes, to others it is news. */
  void changed(ContainerInfo before, ContainerInfo after, boolean isNamespace) {
    for (Subscriber subscriber : subscribers) {
      boolean matched = subscriber.selector.matches(before);
      boolean matches = subscriber.selector.matches(after);
      if (matched && !matches) {
        tell(subscriber, before, removal(isNamespace));
      } else if (!matched) {
        tell(subscriber, after, addition(isNamespace));
      } else if (!isNamespace) {
        tell(subscriber, after, ContainerListener::changed);
      }
    }
  }

  /** Starts went on before anybody was told. Everybody hears of it: it is not known whose. */
  void late(long count) {
    for (Subscriber subscriber : subscribers) {
      try {
        subscriber.listener.late(count);
      } catch (RuntimeException e) {
        warnings.accept("telling a listener about late starts: " + e);
      }
    }
  }

  private static BiConsumer<ContainerListener, ContainerInfo> addition(boolean isNamespace) {
    return isNamespace ? ContainerListener::namespaceAdded : ContainerListener::added;
  }

  private static BiConsumer<ContainerListener, ContainerInfo> removal(boolean isNamespace) {
    return isNamespace ? ContainerListener::namespaceRemoved : ContainerListener::removed;
  }

  private void tellAll(ContainerInfo container, BiConsumer<ContainerListener, ContainerInfo> what) {
    for (Subscriber subscriber : subscribers) {
      tell(subscriber, container, what);
    }
  }

  private void tell(
      Subscriber subscriber,
      ContainerInfo container,
      BiConsumer<ContainerListener, ContainerInfo> what) {
    if (!subscriber.selector.matches(container)) {
      return;
    }
    try {
      what.accept(subscriber.listener, container);
    } catch (RuntimeException e) {
      // One listener's error must not keep the others, and the container's start, from going on.
      warnings.accept("telling a listener about container " + container.name() + ": " + e);
    }
  }
}
