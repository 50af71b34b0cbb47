// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.ReadingProgress;
import org.jspecify.annotations.Nullable;

/**
 * Tells Container-Collection how far an event loop has read, from the moment on that there is a
 * collection to tell. Used by the loop's thread, closed after that thread has ended.
 */
final class ReadingReport implements CloserStack.Resource {
  private final CollectionPromise containers;
  private @Nullable ReadingProgress progress;

  ReadingReport(CollectionPromise containers) {
    this.containers = containers;
  }

  private @Nullable ReadingProgress progress() {
    if (progress == null && containers.isReady()) {
      progress = containers.get().followReading();
    }
    return progress;
  }

  /** Everything that was written before this moment of System.nanoTime has been read. */
  void caughtUp(long momentNs) {
    ReadingProgress followed = progress();
    if (followed != null) {
      followed.caughtUp(momentNs);
    }
  }

  /** Says whether the loop sleeps until something is written. */
  void idle(boolean sleeping) {
    ReadingProgress followed = progress();
    if (followed != null) {
      followed.idle(sleeping);
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
