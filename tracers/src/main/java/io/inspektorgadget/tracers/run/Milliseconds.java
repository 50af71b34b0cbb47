// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.gadget.GadgetException;
import org.jspecify.annotations.Nullable;

/** Durations as gadget.yaml writes them. */
final class Milliseconds {
  private static final long MS_PER_SECOND = 1_000;

  private Milliseconds() {}

  /**
   * {@code 1000ms}, {@code 2s} or a number of milliseconds.
   *
   * @throws GadgetException if the text is none of these
   */
  static long parse(String text) {
    boolean inMs = text.endsWith("ms");
    boolean inSeconds = !inMs && text.endsWith("s");
    String number = text.substring(0, text.length() - (inMs ? 2 : inSeconds ? 1 : 0));
    try {
      long ms = Math.multiplyExact(Long.parseLong(number), inSeconds ? MS_PER_SECOND : 1);
      if (ms >= 0) {
        return ms;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(text, e);
    }
    throw wrong(text, null);
  }

  private static GadgetException wrong(String text, @Nullable Throwable cause) {
    String message =
        "reading the interval \"" + text + "\": write a number of ms or s, such as 1000ms";
    return cause == null ? new GadgetException(message) : new GadgetException(message, cause);
  }
}
