// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.engine.EngineAnswer;
import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.Engines;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.ThreadEnd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks engines about containers of which something is missing, after everybody has been told of
 * them, on a thread of its own that exists only once there is something to ask. As a listener it
 * returns at once. Closed by whoever made it, not while holding a lock that its receiver takes.
 */
final class EngineInquiry implements ContainerListener, AutoCloseable {
  private static final int ATTEMPTS_MAX = 3;
  private static final long PAUSE_NS = 500_000_000;

  /** A machine that starts containers faster than its engines answer gets the latest answered. */
  private static final int WAITING_MAX = 4_096;

  private final Engines engines;
  private final BiConsumer<ContainerInfo, EngineAnswer> receiver;
  private final Consumer<String> warnings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SequencedMap<MountNs, Question> waiting = new LinkedHashMap<>();
  private @Nullable Thread thread;
  private boolean isAsking;
  private boolean isClosed;

  /** A question that may be asked from this moment of System.nanoTime on. */
  private record Question(ContainerInfo container, int attempt, long dueNs) {}

  /**
   * Nothing is asked yet.
   *
   * @param receiver told what an engine says of a container
   * @param warnings told once of what a user named and is not there, and of engines that do not
   *     answer as they should
   */
  EngineInquiry(
      HostFilesystem host,
      EngineSockets sockets,
      BiConsumer<ContainerInfo, EngineAnswer> receiver,
      Consumer<String> warnings) {
    this.engines = new Engines(host, sockets);
    this.receiver = receiver;
    this.warnings = warnings;
    engines.absences().forEach(warnings);
  }

  @Override
  public void added(ContainerInfo container) {
    if (engines.mayTell(container)) {
      wait(new Question(container, 1, System.nanoTime()));
    }
  }

  @Override
  public void changed(ContainerInfo container) {
    added(container);
  }

  @Override
  public void removed(ContainerInfo container) {
    lock.lock();
    try {
      waiting.remove(container.mountNs());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void namespaceAdded(ContainerInfo container) {
    // What is told of a container goes for its namespaces.
  }

  @Override
  public void namespaceRemoved(ContainerInfo container) {
    // The counterpart of the above.
  }

  private void wait(Question question) {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      if (waiting.size() == WAITING_MAX) {
        waiting.pollFirstEntry();
      }
      waiting.put(question.container().mountNs(), question);
      changed.signalAll();
      if (thread == null) {
        thread = new Thread(this::serve, "engines");
        thread.setDaemon(true);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing is left to ask.
   *
   * @param limitMs how long at most
   * @return false if the time was too short
   */
  boolean awaitAnswers(long limitMs) throws InterruptedException {
    long restNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    lock.lockInterruptibly();
    try {
      while (isAsking || !waiting.isEmpty()) {
        if (restNs <= 0) {
          return false;
        }
        restNs = changed.awaitNanos(restNs);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    try {
      while (true) {
        Question question = next();
        if (question == null) {
          return;
        }
        ask(question);
      }
    } catch (InterruptedException e) {
      // Closed: whoever did so waits for this thread's end.
      Thread.currentThread().interrupt();
    } finally {
      closeConnections();
    }
  }

  /** Waits for the next question; null if there will be none. */
  private @Nullable Question next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      isAsking = false;
      changed.signalAll();
      while (!isClosed) {
        long nowNs = System.nanoTime();
        long pauseNs = Long.MAX_VALUE;
        for (Question question : waiting.values()) {
          pauseNs = Math.min(pauseNs, Math.max(0, question.dueNs() - nowNs));
          if (pauseNs == 0) {
            waiting.remove(question.container().mountNs());
            isAsking = true;
            return question;
          }
        }
        if (pauseNs == Long.MAX_VALUE) {
          closeConnections();
        }
        changed.awaitNanos(pauseNs);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void ask(Question question) {
    ContainerInfo container = question.container();
    try {
      engines.ask(container).ifPresent(answer -> receiver.accept(container, answer));
    } catch (IOException e) {
      if (isClosed()) {
        return;
      }
      if (question.attempt() < ATTEMPTS_MAX) {
        wait(new Question(container, question.attempt() + 1, System.nanoTime() + PAUSE_NS));
      } else {
        warnings.accept(e.getMessage() + " (what it alone knows of its containers is missing)");
      }
    } catch (RuntimeException e) {
      warnings.accept("asking the engine of container " + container.name() + ": " + e);
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void closeConnections() {
    try {
      engines.close();
    } catch (IOException e) {
      warnings.accept("ending a connection to an engine: " + e.getMessage());
    }
  }

  /** Ends the thread, also while it waits for an answer. */
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      isClosed = true;
      waiting.clear();
      changed.signalAll();
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.interrupt();
      ThreadEnd.await(running);
    }
  }
}
