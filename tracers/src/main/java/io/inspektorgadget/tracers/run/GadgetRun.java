// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.event.EndCause;
import java.util.List;

/**
 * One started gadget. Its owner closes it, once or more often; closing stops the programs, hands
 * what is pending to the sink, ends the event loop's thread and detaches everything. Safe for
 * concurrent use.
 */
public final class GadgetRun implements AutoCloseable {
  private final LoadedGadget gadget;
  private final EventLoop loop;
  private final CloserStack closers;
  private boolean closed;

  GadgetRun(LoadedGadget gadget, EventLoop loop, CloserStack closers) {
    this.gadget = gadget;
    this.loop = loop;
    this.closers = closers;
    loop.start();
  }

  /** Returns when every program is attached and the event loop serves the rings. */
  public void awaitAttached() throws InterruptedException {
    loop.awaitServing();
  }

  /** Names of the programs in use, each with its hook, such as {@code ig_openat_x tracepoint/…}. */
  public List<String> attachedPrograms() {
    return gadget.attachedPrograms();
  }

  /** Asks the run to end, without waiting for it. */
  public synchronized void stop() {
    if (!closed) {
      loop.stop();
    }
  }

  /** Waits until the run is over, by itself or because it was closed, and says why. */
  public EndCause awaitEnd() throws InterruptedException {
    return loop.awaitEnd();
  }

  /**
   * Closes the run for a process that ends with it: like {@link #close}, but the kernel detaches
   * the programs by itself, within about a second, and nobody waits for it.
   */
  public synchronized void closeAndLeave() {
    if (closed) {
      return;
    }
    loop.stop();
    loop.join();
    gadget.object().detachLater();
    close();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.stop();
    loop.join();
    closers.close();
  }
}
