// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and its relatives (SIGINT, SIGTERM, SIGHUP): stops what is running, lets it print what is
 * pending, and ends the process with the status of that. Without it the virtual machine would end
 * in the middle, with status 130.
 *
 * <p>Safe for concurrent use. One of them in a process, from {@link #install()} to {@link
 * #finish(int)}.
 */
public final class StopSignal implements StopRequests {
  private static final long PATIENCE_MS = 2_000;
  private static final int STATUS_STUCK = 1;

  private final Thread hook = new Thread(this::stopAndHalt, "stop-signal");
  private final CountDownLatch finished = new CountDownLatch(1);
  private boolean isStopped;
  private int status;
  private @Nullable Runnable action;

  private final long patienceMs;

  private StopSignal(long patienceMs) {
    this.patienceMs = patienceMs;
  }

  /** Takes over these signals, for a program that ends at once. */
  public static StopSignal install() {
    return install(PATIENCE_MS);
  }

  /**
   * Takes over these signals.
   *
   * @param patienceMs how long what is running may take to end, before the process ends without it
   */
  public static StopSignal install(long patienceMs) {
    StopSignal signal = new StopSignal(patienceMs);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /**
   * {@inheritDoc} The action must only set things in motion: the thread that runs the program then
   * comes to {@link #finish(int)}.
   */
  @Override
  public void whenStopped(Runnable newAction) {
    boolean runNow;
    synchronized (this) {
      action = newAction;
      runNow = isStopped;
    }
    if (runNow) {
      newAction.run();
    }
  }

  /**
   * Ends the process with that status: by itself, or by the signal's thread if one came. Does not
   * return.
   */
  public void finish(int newStatus) {
    synchronized (this) {
      status = newStatus;
    }
    finished.countDown();
    System.exit(newStatus);
  }

  private void stopAndHalt() {
    Runnable toRun;
    synchronized (this) {
      isStopped = true;
      toRun = action;
    }
    if (finished.getCount() != 0 && toRun != null) {
      toRun.run();
    }
    // Also if the program has ended by itself: a signal that came at this moment may have begun the
    // shutdown with a status of its own.
    Runtime.getRuntime().halt(awaitStatus());
  }

  private int awaitStatus() {
    try {
      if (!finished.await(patienceMs, TimeUnit.MILLISECONDS)) {
        return STATUS_STUCK;
      }
    } catch (InterruptedException e) {
      return STATUS_STUCK;
    }
    synchronized (this) {
      return status;
    }
  }
}
