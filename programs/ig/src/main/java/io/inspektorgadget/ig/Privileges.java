// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this process may do: its effective user and capabilities, from {@code /proc/self/status}
 * (proc_pid_status(5)).
 *
 * @param isRoot true if the effective user is root
 * @param capabilities bit n stands for capability n of capabilities(7)
 */
record Privileges(boolean isRoot, long capabilities) {
  private static final int SYS_ADMIN = 21;
  private static final int PERFMON = 38;
  private static final int BPF = 39;
  private static final int SYS_PTRACE = 19;

  /** Those of this process. */
  static Privileges ofProcess() {
    try {
      return parse(Files.readString(Path.of("/proc/self/status")));
    } catch (IOException e) {
      throw new RunException(
          "reading /proc/self/status: " + e.getMessage() + " (mount /proc)", "", e);
    }
  }

  /** Reads the file's text. */
  static Privileges parse(String status) {
    boolean isRoot = false;
    long capabilities = 0;
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("Uid:")) {
        isRoot = line.split("\\s+", -1)[2].equals("0");
      } else if (line.startsWith("CapEff:")) {
        capabilities = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
      }
    }
    return new Privileges(isRoot, capabilities);
  }

  /** Names of the capabilities that tracing needs and this process lacks. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (has(SYS_ADMIN)) {
      return missing;
    }
    if (!has(BPF)) {
      missing.add("CAP_BPF");
    }
    if (!has(PERFMON)) {
      missing.add("CAP_PERFMON");
    }
    return missing;
  }

  /** True if other users' processes may be looked at, as names of containers need. */
  boolean seesAllProcesses() {
    return has(SYS_ADMIN) || has(SYS_PTRACE);
  }

  private boolean has(int capability) {
    return (capabilities >>> capability & 1) != 0;
  }

  /**
   * Demands what tracing needs.
   *
   * @param command what the user called, without {@code sudo}
   * @throws RunException if it is not there
   */
  void require(String command) {
    List<String> missing = missing();
    if (missing.isEmpty()) {
      return;
    }
    if (!isRoot) {
      throw new RunException("needs root: sudo " + command);
    }
    throw new RunException(
        "starting "
            + command
            + ": root without "
            + String.join(" and ", missing)
            + "; give the container or service that this runs in "
            + (missing.size() == 1 ? "that capability" : "these capabilities")
            + ", or CAP_SYS_ADMIN");
  }
}
