// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the Trace and the gadget pod of one node, and whether more is wanted of them.
 * Told by whoever watches the cluster, asked by the node's reader. Safe for concurrent use.
 */
final class NodeState {
  private final String node;
  private final StartTimes times;
  private String pod;
  private TraceStatus status = TraceStatus.EMPTY;
  private String failure = "";
  private boolean isRead;
  private boolean isStopping;

  /**
   * The state of a node whose Trace is about to be made.
   *
   * @param pod its gadget pod
   * @param times is told when it starts
   */
  NodeState(String node, String pod, StartTimes times) {
    this.node = node;
    this.pod = pod;
    this.times = times;
  }

  String node() {
    return node;
  }

  /** The gadget pod; empty if there is none at the moment. */
  synchronized String pod() {
    return pod;
  }

  /** What the Trace says now. */
  synchronized void told(Trace trace) {
    boolean wasStarted = isStarted();
    status = trace.outcome();
    if (isStarted() && !wasStarted) {
      times.reached(node + ": its Trace says that the gadget is started");
    }
    String error = status.operationError();
    // Once its stream is read, that says how it ends; unless there is none any more.
    if (!error.isEmpty() && (!isRead || status.state() == TraceState.STOPPED)) {
      fail(error);
    }
    notifyAll();
  }

  /** The Trace does not exist any more. */
  synchronized void gone() {
    if (!isStopping && status.state() != TraceState.COMPLETED) {
      fail("its Trace was deleted by somebody else");
    }
    notifyAll();
  }

  /** Which pod performs Traces now; empty: none. */
  synchronized void moved(String newPod) {
    pod = newPod;
    notifyAll();
  }

  /** It cannot go on. Only the first reason counts. */
  synchronized void fail(String reason) {
    if (failure.isEmpty()) {
      failure = reason;
    }
    notifyAll();
  }

  /** Nothing but the end of its stream is wanted any more. */
  synchronized void stop() {
    isStopping = true;
    notifyAll();
  }

  /** True if this program wants it to end. */
  synchronized boolean isStopping() {
    return isStopping;
  }

  /** Why it cannot go on; empty if it can. */
  synchronized String failure() {
    return failure;
  }

  /** What the gadget pod says of the operation that worked; may be empty. */
  synchronized String warning() {
    return status.operationWarning();
  }

  private boolean isStarted() {
    return status.state() == TraceState.STARTED || status.state() == TraceState.COMPLETED;
  }

  /**
   * Waits until it is known whether the gadget runs.
   *
   * @param limitMs how long to wait
   * @return false if it is not known by then
   */
  synchronized boolean awaitAnswer(long limitMs) throws InterruptedException {
    long end = System.nanoTime() + limitMs * 1_000_000;
    while (!isStarted() && failure.isEmpty() && !isStopping) {
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  /**
   * Waits until there is a stream to be read.
   *
   * @return the pod that has it; null if nothing comes any more
   */
  synchronized @Nullable String awaitStream() throws InterruptedException {
    while (!isOver() && (!isStarted() || pod.isEmpty())) {
      wait();
    }
    return isOver() ? null : pod;
  }

  /** True if nothing more is wanted of it, or nothing more comes. */
  synchronized boolean isOver() {
    return isStopping || !failure.isEmpty() || status.state() == TraceState.STOPPED;
  }

  /** The stream has begun to come. */
  synchronized void read() {
    if (!isRead) {
      isRead = true;
      times.reached(node + ": the stream has begun");
    }
  }

  /** The first event has come. */
  void heard() {
    times.reached(node + ": the first event");
  }

  /**
   * True if nothing can have come from it: its gadget has not started as far as is known, and its
   * stream has not begun.
   */
  synchronized boolean isUnheard() {
    return !isRead && !isStarted();
  }

  /** True if it cannot go on, and its stream has not begun. */
  synchronized boolean isRefused() {
    return !isRead && !failure.isEmpty();
  }

  /** Waits before the next try, or until nothing more is wanted. */
  synchronized void awaitRetry(long delayMs) throws InterruptedException {
    long end = System.nanoTime() + delayMs * 1_000_000;
    long leftMs = delayMs;
    while (leftMs > 0 && !isOver()) {
      wait(leftMs);
      leftMs = (end - System.nanoTime()) / 1_000_000;
    }
  }
}
