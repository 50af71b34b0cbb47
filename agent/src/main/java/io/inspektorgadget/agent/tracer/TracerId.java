// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.tracer;

import java.util.regex.Pattern;

/**
 * What a tracer is called on the socket: {@code trace_NAMESPACE_NAME} for that of a Trace.
 *
 * @param text the id: letters, digits, {@code . _ -}; 1 to 520 of them
 */
public record TracerId(String text) {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,520}");

  /**
   * Checks the id.
   *
   * @throws IllegalArgumentException if it has other characters or is too long
   */
  public TracerId {
    if (!VALID.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "using a tracer id of "
              + text.length()
              + " characters: write 1 to 520 letters, digits and . _ -");
    }
  }

  /** The id of a Trace's tracer. */
  public static TracerId ofTrace(String namespace, String name) {
    return new TracerId("trace_" + namespace + "_" + name);
  }

  @Override
  public String toString() {
    return text;
  }
}
