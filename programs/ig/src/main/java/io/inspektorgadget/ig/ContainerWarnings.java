// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.io.ThreadEnd;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Says what goes wrong in a collection as soon as it does. A thread of its own writes it: nobody's
 * start waits for a terminal. Closed by who began it.
 */
final class ContainerWarnings implements AutoCloseable {
  private final BlockingQueue<Optional<String>> waiting = new LinkedBlockingQueue<>();
  private final StandardError err;
  private final Thread thread = new Thread(this::write, "warnings");

  private ContainerWarnings(StandardError err) {
    this.err = err;
  }

  /** Begins, with what went wrong before. */
  static ContainerWarnings follow(ContainerCollection containers, StandardError err) {
    ContainerWarnings warnings = new ContainerWarnings(err);
    warnings.thread.setDaemon(true);
    warnings.thread.start();
    containers.onWarning(warning -> warnings.waiting.add(Optional.of(warning)));
    return warnings;
  }

  private void write() {
    try {
      Optional<String> warning = waiting.take();
      while (warning.isPresent()) {
        err.warning(warning.get());
        warning = waiting.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says what is left. */
  @Override
  public void close() {
    waiting.add(Optional.empty());
    ThreadEnd.await(thread);
  }
}
