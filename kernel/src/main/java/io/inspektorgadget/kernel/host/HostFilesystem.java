// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.host;

import java.nio.file.Path;
import java.util.Map;

/**
 * The host's root directory, and paths of the host below it. Immutable.
 *
 * @param root where this process sees the host's root, absolute
 */
public record HostFilesystem(Path root) {
  /** Environment variable that names the root; not set on the host itself. */
  public static final String ROOT_VARIABLE = "HOST_ROOT";

  /** Checks the root. */
  public HostFilesystem {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException(
          "using " + root + " as the host's root: set " + ROOT_VARIABLE + " to an absolute path");
    }
    root = root.normalize();
  }

  /**
   * The host of this process.
   *
   * @throws IllegalArgumentException if HOST_ROOT is set and no absolute path
   */
  public static HostFilesystem ofEnvironment() {
    return ofEnvironment(System.getenv());
  }

  static HostFilesystem ofEnvironment(Map<String, String> environment) {
    String root = environment.getOrDefault(ROOT_VARIABLE, "");
    return new HostFilesystem(Path.of(root.isEmpty() ? "/" : root));
  }

  /**
   * Where this process finds a path of the host. Dots do not lead out of the host's root; symbolic
   * links are not looked at.
   *
   * @param hostPath as a process on the host names it; one that is not absolute starts at the root
   * @throws java.nio.file.InvalidPathException if it holds a NUL character
   */
  public Path resolve(String hostPath) {
    Path slash = Path.of("/");
    return root.resolve(slash.relativize(slash.resolve(hostPath).normalize()));
  }

  /** The host's /proc, which shows the processes of the initial PID namespace. */
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
