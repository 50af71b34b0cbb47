// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.format;

import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;

/**
 * One format of output for the events of one data source. Writes into a buffer that the caller
 * empties. Single thread.
 */
public interface EventWriter {

  /** Writes what comes before the first event of a stream, such as a table's header. */
  void begin(TextBuffer out);

  /** Writes one event. Allocates nothing unless the format has to hold rows. */
  void event(EventView event, TextBuffer out);

  /**
   * Completes the snapshot or interval of an array source, also if it had no events. Not called for
   * streams.
   */
  void batchEnd(TextBuffer out);
}
