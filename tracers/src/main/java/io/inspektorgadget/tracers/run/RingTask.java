// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.RingBufferReader;

/** One ring buffer and where its records go. Single thread: the run's event loop. */
record RingTask(RingBufferReader reader, RecordPipeline pipeline) {

  /**
   * Records taken in one turn, so that one busy ring cannot starve the others, the timers and a
   * wish to stop.
   */
  static final int BUDGET = 8_192;

  /** Hands what is there to the sink; returns how many records were read. */
  int drain() {
    int count = reader.drain(pipeline, BUDGET);
    if (count > 0) {
      pipeline.batchEnd();
    }
    return count;
  }
}
