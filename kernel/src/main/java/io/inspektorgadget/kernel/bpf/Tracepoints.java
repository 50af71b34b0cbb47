// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import java.util.OptionalInt;

/**
 * The tracepoints of the running kernel, read from tracefs: where it is mounted, else from a mount
 * of its own that no path leads to and that ends with the look-up.
 */
public final class Tracepoints {
  private static final String[] MOUNT_POINTS = {
    "/sys/kernel/tracing", "/sys/kernel/debug/tracing",
  };
  private static final int ID_LIMIT_BYTES = 32;

  private Tracepoints() {}

  /** True if the kernel has the tracepoint. */
  public static boolean exists(String category, String name) {
    return id(category, name).isPresent();
  }

  /**
   * The number under which perf_event_open(2) knows a tracepoint.
   *
   * @return empty if this kernel has no such tracepoint
   * @throws BpfException EPERM or EACCES without the right to read tracefs; ENODEV if the kernel
   *     was built without it
   */
  public static OptionalInt id(String category, String name) {
    if (!isPlain(category) || !isPlain(name)) {
      return OptionalInt.empty();
    }
    try (Fd events = openEvents()) {
      String path = category + "/" + name + "/id";
      String text = Libc.readText(events.number(), path, ID_LIMIT_BYTES);
      return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.strip()));
    }
  }

  /** Names come from objects of others: none may lead elsewhere. */
  private static boolean isPlain(String name) {
    return !name.isEmpty() && name.indexOf('/') < 0 && !name.startsWith(".");
  }

  private static Fd openEvents() {
    for (String mountPoint : MOUNT_POINTS) {
      int result = Libc.openAt(Libc.AT_FDCWD, mountPoint + "/events", Libc.O_PATH);
      if (result >= 0) {
        return Fd.ofResult(result, "opening", "tracefs");
      }
    }
    try (Fd mount = DetachedMount.open("tracefs", MOUNT_POINTS[0])) {
      int result = Libc.openAt(mount.number(), "events", Libc.O_PATH);
      if (result == -Errno.ENOENT) {
        throw new BpfException(
            "opening", "tracefs", Errno.ENOENT, "this kernel has no tracepoints in it");
      }
      return Fd.ofResult(result, "opening", "tracefs");
    }
  }
}
