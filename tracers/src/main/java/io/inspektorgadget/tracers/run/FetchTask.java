// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

/**
 * A source that has to be asked for its records, and is when its schedule says so. Single thread:
 * the run's event loop.
 */
abstract class FetchTask {
  private final FetchSchedule schedule;
  private final RecordPipeline pipeline;
  private long lastReadNs = System.nanoTime();
  private boolean wasRead;

  FetchTask(FetchSchedule schedule, RecordPipeline pipeline) {
    this.schedule = schedule;
    this.pipeline = pipeline;
  }

  /** Hands all there is to the pipeline; returns how many records that was. */
  abstract int read(RecordPipeline records);

  /** True if what happens between two readings waits for the next one. */
  abstract boolean accumulates();

  final FetchSchedule schedule() {
    return schedule;
  }

  /** What happened before this moment of System.nanoTime has been read. */
  final long lastReadNs() {
    return lastReadNs;
  }

  /** Reads if it is due. */
  final void tick(long nowNs) {
    if (schedule.takeTurn(nowNs)) {
      collect();
      wasRead = true;
      pipeline.batchEnd();
    }
  }

  /**
   * Reads what is left, if the source wants that. An interval that was cut short and saw nothing is
   * none: it would replace the last table by an empty one.
   */
  final void finish() {
    if (schedule.isDueAtEnd() && (collect() > 0 || !wasRead)) {
      pipeline.batchEnd();
    }
  }

  private int collect() {
    lastReadNs = System.nanoTime();
    return read(pipeline);
  }
}
