// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.model.event.EndCause;
import java.util.List;

/** A gadget that was started. {@link #stop} may be called by any thread, the rest by one. */
public interface LaunchedRun extends AutoCloseable {

  /** What was chosen on the way, such as the hooks in use; one line each, for those who ask. */
  List<String> notes();

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
