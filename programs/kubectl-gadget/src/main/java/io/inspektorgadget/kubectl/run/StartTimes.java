// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.terminal.StandardError;
import java.util.Locale;

/**
 * Says when each step of a start was done, in milliseconds since this program began to run. Safe
 * for concurrent use.
 *
 * @param isWanted false if nobody wants to know
 * @param begunNs when the program began, as {@link System#nanoTime} counts
 * @param err where the steps are said
 */
record StartTimes(boolean isWanted, long begunNs, StandardError err) {

  /** A step has just been done. */
  void reached(String step) {
    if (isWanted) {
      long elapsedMs = (System.nanoTime() - begunNs) / 1_000_000;
      err.line(String.format(Locale.ROOT, "%5d ms: %s", elapsedMs, step));
    }
  }
}
