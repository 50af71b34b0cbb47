// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.terminal.TerminalSize;
import io.inspektorgadget.kernel.io.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The size of the terminal, from the kernel: {@code struct winsize} of ioctl_tty(2). */
final class TerminalWindow implements TerminalSize {
  private static final int STANDARD_OUTPUT = 1;
  private static final long TIOCGWINSZ = 0x5413;
  private static final long WINSIZE_BYTES = 8;
  private static final long COLUMNS_OFFSET_BYTES = 2;

  @Override
  public int columns() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(WINSIZE_BYTES, Short.BYTES);
      int result = Libc.ioctl(STANDARD_OUTPUT, TIOCGWINSZ, window.address());
      return result < 0
          ? 0
          : Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET_BYTES));
    }
  }
}
