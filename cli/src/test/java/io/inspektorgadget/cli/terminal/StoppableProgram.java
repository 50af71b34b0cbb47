// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import java.util.concurrent.CountDownLatch;

/**
 * A program for {@link StopSignalTest}: waits for a signal, says "pending" and ends with status 0;
 * with the argument {@code fail} it ends at once with status 7, with {@code stuck} it never comes
 * to its end.
 */
final class StoppableProgram {
  private StoppableProgram() {}

  public static void main(String[] args) throws InterruptedException {
    StopSignal signal = StopSignal.install();
    StandardError messages = StandardError.ofProcess();
    if (args[0].equals("fail")) {
      signal.finish(7);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    if (!args[0].equals("stuck")) {
      signal.whenStopped(stopped::countDown);
    }
    messages.line("waiting");
    stopped.await();
    messages.line("pending");
    signal.finish(0);
  }
}
