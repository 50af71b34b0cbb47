// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import io.inspektorgadget.model.event.LossReport;

/**
 * Where a reader is in a tracer's stream, also over several connections: what to ask for when the
 * stream breaks, and how many lines it has missed. Single thread.
 */
public final class StreamPosition {
  private String run = "";
  private long nextSeq;
  private long missed;
  private boolean isEnded;

  /** A line of events has come. */
  public void line() {
    nextSeq++;
  }

  /**
   * A control line has come.
   *
   * @return how many lines are known to be missing since the last call; 0: none
   */
  public long control(ControlLine control) {
    return switch (control) {
      case ControlLine.Start start -> start(start);
      case ControlLine.Loss loss when loss.loss().stage() == LossReport.Stage.CLIENT ->
          gap(loss.seq());
      case ControlLine.End end -> {
        isEnded = true;
        yield gap(end.seq());
      }
      default -> 0;
    };
  }

  private long start(ControlLine.Start start) {
    boolean sameRun = start.run().equals(run);
    run = start.run();
    if (sameRun && start.seq() <= nextSeq) {
      return 0;
    }
    if (sameRun) {
      return gap(start.seq());
    }
    // The pod has started the run again: what went on between is known to nobody.
    nextSeq = start.seq();
    return 0;
  }

  private long gap(long seq) {
    long count = Math.max(0, seq - nextSeq);
    nextSeq = Math.max(nextSeq, seq);
    missed += count;
    return count;
  }

  /**
   * What to ask for in order to go on.
   *
   * @param tracerId whose stream it is
   */
  public StreamRequest.Receive request(String tracerId) {
    return new StreamRequest.Receive(tracerId, nextSeq);
  }

  /** The number of the next line; 0 before the first stream has begun. */
  public long nextSeq() {
    return nextSeq;
  }

  /** The run that is read; empty before the first stream has begun. */
  public String run() {
    return run;
  }

  /** How many lines are missing so far. */
  public long missed() {
    return missed;
  }

  /** True when the run is over and all of it was read. */
  public boolean isEnded() {
    return isEnded;
  }
}
