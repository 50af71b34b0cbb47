// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.host;

import java.nio.file.Path;

/**
 * The host's file system. Every path of the host (proc, run, runtime binaries, cgroups) goes
 * through it, so that the same code works on the host and in a pod that has the host mounted
 * somewhere. Immutable.
 *
 * @param root where the host's root is; absolute
 */
public record HostFilesystem(Path root) {
  private static final String VARIABLE = "HOST_ROOT";

  public HostFilesystem {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException("the host's root must be an absolute path: " + root);
    }
  }

  /**
   * The file system that the environment variable {@code HOST_ROOT} names; {@code /} without it.
   *
   * @throws IllegalArgumentException if it names no absolute path
   */
  public static HostFilesystem ofEnvironment() {
    String value = System.getenv(VARIABLE);
    return new HostFilesystem(Path.of(value == null || value.isEmpty() ? "/" : value));
  }

  /** Where a path of the host is for us. The path is absolute, as the host sees it. */
  public Path resolve(String hostPath) {
    int start = 0;
    while (start < hostPath.length() && hostPath.charAt(start) == '/') {
      start++;
    }
    return root.resolve(hostPath.substring(start));
  }

  /** The host's /proc. */
  public Path proc() {
    return resolve("/proc");
  }

  /** The host's /sys. */
  public Path sysFs() {
    return resolve("/sys");
  }

  /** The host's /run. */
  public Path run() {
    return resolve("/run");
  }
}
