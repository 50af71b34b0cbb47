// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

/**
 * Finds an earlier event for which some fields said the same, for less than it costs to write them:
 * events come from few processes over and over, and what was written for the last one can be
 * copied. Made by {@link EventView#watch}, for the events of one data source. Single thread: the
 * run's event loop.
 */
public interface FieldWatch {
  /** How many events are remembered at most. */
  int SLOTS = 16;

  /**
   * Looks for the event among those remembered, and remembers it.
   *
   * @return the slot, from 0 to below {@link #SLOTS}, of an event for which every watched field
   *     surely had the same value and was present likewise; if there is none, the complement
   *     ({@code ~slot}) of the slot that now belongs to this event. Does not allocate.
   */
  int slot(EventView event);
}
