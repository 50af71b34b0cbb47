// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be looked at, each thing at most once, some of it not before a given time. Safe for
 * concurrent use.
 *
 * @param <K> the things
 */
final class WorkQueue<K> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<K, Long> dueNs = new HashMap<>();
  private boolean closed;

  /** Something is to be looked at now, also if it was to wait. */
  void add(K key) {
    addAfter(key, 0);
  }

  /** Something is to be looked at in that many milliseconds, or sooner if it is due sooner. */
  void addAfter(K key, long delayMs) {
    lock.lock();
    try {
      long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs);
      Long before = dueNs.get(key);
      if (before == null || due - before < 0) {
        dueNs.put(key, due);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next thing that is due and takes it out; null once the queue is closed. */
  @Nullable K take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Map.Entry<K, Long> first = first();
        if (first == null) {
          changed.await();
          continue;
        }
        long waitNs = first.getValue() - System.nanoTime();
        if (waitNs <= 0) {
          dueNs.remove(first.getKey());
          return first.getKey();
        }
        // Whether the time has passed or something has come: what is due first is asked again.
        var _ = changed.awaitNanos(waitNs);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private Map.@Nullable Entry<K, Long> first() {
    Map.Entry<K, Long> first = null;
    for (Map.Entry<K, Long> entry : dueNs.entrySet()) {
      if (first == null || entry.getValue() - first.getValue() < 0) {
        first = entry;
      }
    }
    return first;
  }

  /** Lets whoever waits go; nothing is handed out any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
