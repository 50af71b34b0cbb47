// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Starts {@code fanotify-gate} from memory: no file is left behind, and no folder is needed. */
final class GateProgram {
  private static final String RESOURCE = "fanotify-gate";
  private static final long MFD_CLOEXEC = 1;

  /** memfd_create(2): needed where the kernel makes them not executable, unknown before 6.3. */
  private static final long MFD_EXEC = 0x10;

  private GateProgram() {}

  /**
   * Starts it; the caller ends it. Its standard input and output are pipes.
   *
   * @throws SystemCallException if memory files cannot be made or executed here
   */
  static Process start() {
    try (Fd file = memoryFile()) {
      write(file, bytes());
      String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number();
      return new ProcessBuilder(path).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new SystemCallException(
          "starting", RESOURCE, 0, e.getMessage() + " (is vm.memfd_noexec set?)");
    }
  }

  private static Fd memoryFile() {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(RESOURCE).address();
      long result = Libc.syscall(SystemCall.MEMFD_CREATE, name, MFD_CLOEXEC | MFD_EXEC);
      if (result == -Errno.EINVAL) {
        result = Libc.syscall(SystemCall.MEMFD_CREATE, name, MFD_CLOEXEC);
      }
      return Fd.ofResult(result, "making", "a file in memory");
    }
  }

  private static void write(Fd file, byte[] program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rest = arena.allocateFrom(JAVA_BYTE, program);
      while (rest.byteSize() > 0) {
        int written = Libc.write(file.number(), rest);
        if (written < 0) {
          throw new SystemCallException("writing", RESOURCE, -written, "into memory");
        }
        rest = rest.asSlice(written);
      }
    }
  }

  private static byte[] bytes() {
    try (InputStream stream = GateProgram.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(
            "reading " + RESOURCE + ": not in the class path; build the module kernel");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE + " in the class path", e);
    }
  }
}
