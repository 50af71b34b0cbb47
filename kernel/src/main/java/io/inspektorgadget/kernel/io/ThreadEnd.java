// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/** The end of a thread, for whoever must not go on before it. */
public final class ThreadEnd {
  private ThreadEnd() {}

  /**
   * Waits until a thread that was told to end has ended, also when the caller is interrupted: that
   * is left set for later, because what the thread uses is closed next. Returns at once for a
   * thread that was never started.
   */
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
