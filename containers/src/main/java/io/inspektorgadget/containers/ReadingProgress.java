// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.util.function.Consumer;

/**
 * How far one reader of events has come. While it lags, the collection keeps the names of
 * containers whose records it may still have to read. Made by {@link
 * ContainerCollection#followReading} and closed by whoever asked for it. The reader's thread calls
 * {@link #caughtUp} and {@link #idle}; the collection's thread looks.
 */
public final class ReadingProgress implements AutoCloseable {
  private final Consumer<ReadingProgress> end;
  private volatile long caughtUpNs;
  private volatile boolean idle;

  /** Progress from now on. */
  ReadingProgress(Consumer<ReadingProgress> end) {
    this.end = end;
    this.caughtUpNs = System.nanoTime();
  }

  /** Progress that no collection looks at. */
  public static ReadingProgress unobserved() {
    return new ReadingProgress(ended -> {});
  }

  /**
   * Everything that was written before this moment has been read.
   *
   * @param momentNs on the clock of System.nanoTime
   */
  public void caughtUp(long momentNs) {
    caughtUpNs = momentNs;
  }

  /**
   * Says whether the reader sleeps.
   *
   * @param sleeping true: all is read, and whatever is written next wakes the reader; false: it has
   *     work again
   */
  public void idle(boolean sleeping) {
    idle = sleeping;
  }

  /** True if everything of before this moment of System.nanoTime has been read. */
  boolean hasPassed(long momentNs) {
    return idle || caughtUpNs - momentNs > 0;
  }

  /** The reader reads no more. */
  @Override
  public void close() {
    end.accept(this);
  }
}
