// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What went wrong, each said once and not without end. Thread-safe. */
final class Warnings implements Consumer<String> {
  private static final int MAX = 100;

  private final List<String> said = new ArrayList<>();
  private final List<Consumer<String>> listeners = new ArrayList<>();

  @Override
  public synchronized void accept(String warning) {
    if (said.size() < MAX && !said.contains(warning)) {
      said.add(warning);
      listeners.forEach(listener -> listener.accept(warning));
    }
  }

  /** Oldest first; unmodifiable. */
  synchronized List<String> all() {
    return List.copyOf(said);
  }

  /** Tells of those there are, and of all to come. */
  synchronized void addListener(Consumer<String> listener) {
    said.forEach(listener);
    listeners.add(listener);
  }
}
