// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.run;

/**
 * Limits of a run.
 *
 * @param timeoutMs how long it lasts, in milliseconds; 0: until it is closed
 * @param intervalMs time between two readings of an interval source, in milliseconds; 0: what the
 *     gadget says
 * @param ringSizeBytes size of each ring buffer, a power of two that is a multiple of the page
 *     size; 0: what the gadget says
 */
public record RunLimits(long timeoutMs, long intervalMs, long ringSizeBytes) {

  /** No time limit; everything else as the gadget says. */
  public static final RunLimits NONE = new RunLimits(0, 0, 0);
}
