// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import io.inspektorgadget.cli.terminal.TerminalSize;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The size of the terminal, as {@code stty size} tells it on every system that kubectl's users sit
 * at. (Asking the kernel would take native access, which differs from system to system.)
 */
final class TerminalWindow implements TerminalSize {
  private static final File TERMINAL = new File("/dev/tty");
  private static final long LIMIT_MS = 1_000;

  @Override
  public int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(LIMIT_MS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return 0;
      }
      return width(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // No such program, or no terminal of its own: the width cannot be told.
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** The second number of {@code ROWS COLUMNS}; 0 if there is none. */
  static int width(String size) {
    String[] words = size.strip().split(" ", -1);
    boolean isSize = words.length == 2 && words[1].matches("[0-9]{1,5}");
    return isSize ? Integer.parseInt(words[1]) : 0;
  }
}
