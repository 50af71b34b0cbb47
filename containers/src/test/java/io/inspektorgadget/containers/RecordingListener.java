// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.model.container.ContainerInfo;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps what a collection says, in order. */
final class RecordingListener implements ContainerListener {
  private static final long LIMIT_SECONDS = 20;

  private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private final List<Change> all = new java.util.concurrent.CopyOnWriteArrayList<>();

  /** What happened to a container, on the clock of System.nanoTime. */
  record Change(String what, ContainerInfo container, long atNs) {}

  @Override
  public void added(ContainerInfo container) {
    note("added", container);
  }

  @Override
  public void removed(ContainerInfo container) {
    note("removed", container);
  }

  @Override
  public void namespaceAdded(ContainerInfo container) {
    note("namespaceAdded", container);
  }

  @Override
  public void namespaceRemoved(ContainerInfo container) {
    note("namespaceRemoved", container);
  }

  private void note(String what, ContainerInfo container) {
    Change change = new Change(what, container, System.nanoTime());
    all.add(change);
    changes.add(change);
  }

  /** Waits for a change of this container; others before it are passed over. */
  Change await(String what, String id) throws InterruptedException {
    return await(what, container -> container.id().equals(id));
  }

  Change await(String what, Predicate<ContainerInfo> which) throws InterruptedException {
    Change change = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    while (change != null && !(change.what().equals(what) && which.test(change.container()))) {
      change = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
    if (change == null) {
      throw new AssertionError("waiting for " + what + ": not told; told so far: " + all);
    }
    return change;
  }

  /** Everything told so far. */
  List<Change> all() {
    return all;
  }
}
