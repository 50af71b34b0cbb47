// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The two ends of a pipe(2); each is hung up when the last hold on the other one is gone. */
record Pipe(Fd readEnd, Fd writeEnd) {
  private static final NativeFunction PIPE = NativeFunction.ofLibc("pipe2");

  static Pipe open() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      int result = NativeFunction.toInt(PIPE.call(ends.address(), Libc.O_CLOEXEC));
      if (result < 0) {
        throw new SystemCallException("opening", "a pipe", NativeFunction.lastErrno(), "");
      }
      return new Pipe(
          Fd.ofResult(ends.getAtIndex(JAVA_INT, 0), "opening", "a pipe"),
          Fd.ofResult(ends.getAtIndex(JAVA_INT, 1), "opening", "a pipe"));
    }
  }
}
