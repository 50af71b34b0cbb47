// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of a stream that is no event: one JSON object that begins with its {@code type} and its
 * {@code seq}. No event begins so, as the members of an event stand in alphabetical order.
 *
 * <p>The lines of a run are numbered from 1. Control lines have no number of their own: their
 * {@code seq} is the number of the next line of events, so a reader that knows it counts on by
 * itself, and asks with {@code from SEQ} for what it has missed.
 */
public sealed interface ControlLine {

  /** The number of the next line of events. */
  long seq();

  /** The line in JSON, without a line end; ASCII only. */
  default String json() {
    return ControlLineJson.write(this);
  }

  /**
   * Reads a line.
   *
   * @param line with or without its line end
   * @return empty if it is no control line
   */
  static Optional<ControlLine> parse(String line) {
    return ControlLineJson.parse(line);
  }

  /**
   * The first line of every stream.
   *
   * @param run a text that no other run has: with another one, numbers start again
   */
  record Start(long seq, String run) implements ControlLine {}

  /**
   * Lines or events were lost. At stage {@link LossReport.Stage#CLIENT} it is this reader that was
   * too slow: the lines {@code seq - count} to {@code seq - 1} are missing, and {@code messages}
   * control lines with them. At the other stages everybody misses events, which never became lines.
   *
   * @param loss how many, where
   * @param messages control lines that are missing as well
   */
  record Loss(long seq, LossReport loss, long messages) implements ControlLine {}

  /** Something that the user should know and that does not end the run. */
  record Warning(long seq, String message) implements ControlLine {}

  /**
   * The last line of a stream: the run is over. A stream that ends without it was cut off.
   *
   * @param cause why
   * @param message what went wrong; empty unless the cause is {@link Cause#FAILED}
   * @param lost how many events were lost before they became lines, over the whole run
   */
  record End(long seq, Cause cause, String message, long lost) implements ControlLine {}

  /**
   * The lines of events behind this one are of that data source, until another is named. Streams of
   * gadgets with only one do not have it. It is told to each reader anew, as it is needed.
   *
   * @param name the data source
   */
  record Source(long seq, String name) implements ControlLine {}

  /** Of a type that this version does not know. */
  record Unknown(long seq, String type) implements ControlLine {}

  /** Why a run is over. */
  enum Cause {
    STOPPED,
    TIMED_OUT,
    COMPLETED,
    FAILED;

    /** What it is called in a line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The cause in short. */
    public static Cause of(EndCause cause) {
      return switch (cause) {
        case EndCause.Stopped stopped -> STOPPED;
        case EndCause.TimedOut timedOut -> TIMED_OUT;
        case EndCause.Completed completed -> COMPLETED;
        case EndCause.Failed failed -> FAILED;
      };
    }
  }
}
