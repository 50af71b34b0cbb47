// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

import io.inspektorgadget.model.schema.DataSource;

/**
 * What receives a run's events, and beside them everything that is not an event.
 *
 * <p>All methods are called by one thread at a time: the run's event loop, and the starting thread
 * before it begins ({@link #opened}, {@link #warning}). A method that throws ends the run with that
 * cause.
 */
public interface EventSink {

  /** The run will send events of this source; called once for each, before its first event. */
  void opened(DataSource source);

  /** One event. The view is valid until this method returns. */
  void event(EventView event);

  /**
   * A batch has ended. For a stream: nothing more is there at the moment, so what was written must
   * go out now. For an array source ({@link DataSource#isArray()}): the snapshot or interval is
   * complete; it may have been empty.
   */
  void batchEnd(DataSource source);

  /** Events were lost. Called as soon as it is noticed, with the number since the last report. */
  void loss(LossReport loss);

  /** Something that the user should know and that does not end the run. */
  void warning(String message);

  /** The run is over; nothing is called after it. */
  void ended(EndCause cause);
}
