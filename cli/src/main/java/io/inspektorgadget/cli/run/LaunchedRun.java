// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.model.event.EndCause;

/** A gadget that was started. {@link #stop} may be called by any thread, the rest by one. */
public interface LaunchedRun extends AutoCloseable {

  /** Waits until everything is attached, or the run is over. */
  void awaitAttached() throws InterruptedException;

  /** Waits until the run is over and its sink has received everything. */
  EndCause awaitEnd() throws InterruptedException;

  /** Asks the run to end, and returns at once; what is pending still reaches the sink. */
  void stop();

  /** Gives everything back; returns when no thread of the run is left. */
  @Override
  void close();
}
