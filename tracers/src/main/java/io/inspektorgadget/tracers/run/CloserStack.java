// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Things that were opened, to be closed in reverse order, each once. The first failure is thrown at
 * the end, later ones are suppressed in it, and nothing stays open because of one. Single thread.
 */
final class CloserStack implements AutoCloseable {
  private final Deque<Resource> opened = new ArrayDeque<>();

  /** Something whose closing throws nothing checked. */
  interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  /** Remembers a resource. */
  void add(Resource resource) {
    opened.push(resource);
  }

  @Override
  public void close() {
    RuntimeException first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
