// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Where a program writes to.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal what is behind standard output
 */
public record Streams(StandardOutput out, StandardError err, Terminal terminal) {

  /** Those of this process. */
  public static Streams ofProcess(TerminalSize size) {
    return new Streams(
        StandardOutput.ofProcess(), StandardError.ofProcess(), Terminal.ofProcess(size));
  }

  /**
   * Writes a text to standard output and sends it on its way.
   *
   * @throws IOException if it could not be written
   */
  public void print(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }
}
