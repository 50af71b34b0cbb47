// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.terminal.StandardError;
import java.time.Instant;
import java.util.Locale;

/**
 * Says when each step of a start was done, in milliseconds since this process began. Safe for
 * concurrent use.
 */
final class StartTimes {
  private final boolean isWanted;
  private final StandardError err;

  /**
   * The steps of one start.
   *
   * @param isWanted false if nobody wants to know
   * @param err where they are said
   */
  StartTimes(boolean isWanted, StandardError err) {
    this.isWanted = isWanted;
    this.err = err;
  }

  /** A step has just been done. */
  void reached(String step) {
    if (isWanted) {
      Instant now = Instant.now();
      Instant begun = ProcessHandle.current().info().startInstant().orElse(now);
      err.line(
          String.format(
              Locale.ROOT, "%5d ms: %s", now.toEpochMilli() - begun.toEpochMilli(), step));
    }
  }
}
