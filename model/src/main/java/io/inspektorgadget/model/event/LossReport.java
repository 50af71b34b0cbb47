// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

/**
 * Events that were lost.
 *
 * @param stage where
 * @param source what lost them: the name of a data source or a map
 * @param count how many events, or what the stage says, since the last report of the same stage and
 *     source; positive
 * @param total how many since the run began
 */
public record LossReport(Stage stage, String source, long count, long total) {

  /** Where on its way an event was lost. */
  public enum Stage {
    /** The kernel program had no room in the ring buffer. */
    KERNEL_RING,
    /** The kernel program had no room in a map for calls in flight or for sums. */
    KERNEL_MAP,
    /**
     * User space gave the event up, such as one whose container could not be identified in time.
     */
    AGENT,
    /** The reader at the other end of a stream was too slow. */
    CLIENT,
    /**
     * Starts of containers that were held for the longest time that is allowed and went on before
     * the run knew of them: their first events may be missing. The count is of starts.
     */
    LATE_START,
    /**
     * The kernel's filter had no room for further mount namespaces of containers: nothing of them
     * is seen until there is. The count is of namespaces.
     */
    FILTER_FULL
  }
}
