// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import java.lang.foreign.Arena;

/**
 * A kernel file system mounted for this process alone, at no path: it is reached through its
 * descriptor and ends when that is closed. For hosts that do not mount tracefs or securityfs.
 */
final class DetachedMount {
  private static final long CLOSE_ON_EXEC = 1;
  private static final long COMMAND_CREATE = 6;

  private DetachedMount() {}

  /**
   * Mounts a file system; the caller closes the descriptor.
   *
   * @param type its name: {@code tracefs}
   * @param usualPlace where it is mounted on most hosts, for the message
   * @throws BpfException EPERM without CAP_SYS_ADMIN; ENODEV if the kernel does not have it
   */
  static Fd open(String type, String usualPlace) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(type).address();
      try (Fd context =
          fd(type, usualPlace, Libc.syscall(SystemCall.FSOPEN, name, CLOSE_ON_EXEC))) {
        long created = Libc.syscall(SystemCall.FSCONFIG, context.number(), COMMAND_CREATE, 0, 0, 0);
        check(type, usualPlace, created);
        long mount = Libc.syscall(SystemCall.FSMOUNT, context.number(), CLOSE_ON_EXEC, 0);
        return fd(type, usualPlace, mount);
      }
    }
  }

  private static Fd fd(String type, String usualPlace, long result) {
    check(type, usualPlace, result);
    return Fd.ofResult(result, "mounting", type);
  }

  private static void check(String type, String usualPlace, long result) {
    if (result < 0) {
      String detail =
          switch ((int) -result) {
            case Errno.EPERM -> "needs CAP_SYS_ADMIN, or " + type + " mounted on " + usualPlace;
            case Errno.ENODEV -> "this kernel was built without " + type;
            default -> "mount it: mount -t " + type + " " + type + " " + usualPlace;
          };
      throw new BpfException("mounting", type, (int) -result, detail);
    }
  }
}
