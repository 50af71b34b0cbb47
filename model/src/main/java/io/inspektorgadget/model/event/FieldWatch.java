// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

/**
 * Tells from event to event whether what some fields say has changed, for less than it costs to
 * write it: events come in runs of one process, and what was written for the last one can be
 * copied. Made by {@link EventView#watch}, for the events of one data source. Single thread: the
 * run's event loop.
 */
public interface FieldWatch {

  /**
   * False if every watched field surely has the value, and is present as it was, at the last call;
   * true otherwise, and at the first call. Remembers the event in both cases. Does not allocate.
   */
  boolean changed(EventView event);
}
