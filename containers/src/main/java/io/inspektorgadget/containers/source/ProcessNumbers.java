// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.HostProcesses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which process of the host has a number in the PID namespace of another process. A number can
 * only mean a process of that namespace or of one inside it, so nobody can claim somebody else's.
 * Single thread.
 */
final class ProcessNumbers {
  private static final int ANCESTORS_MAX = 64;

  private final HostProcesses processes;
  private final long namespace;
  private final int level;
  private @Nullable Map<Long, Long> byNumber;

  /**
   * The numbers that this process and what it starts use.
   *
   * @param pid the process, by its id on the host; 0: the host's own numbers
   */
  ProcessNumbers(HostProcesses processes, long pid) {
    this.processes = processes;
    this.namespace = pid == 0 ? 0 : processes.pidNsOfChildren(pid);
    this.level = pid == 0 ? 0 : level(processes, pid, namespace);
  }

  /** How many namespaces lie between the host's and this one; negative if the process is gone. */
  private static int level(HostProcesses processes, long pid, long namespace) {
    int ofProcess = processes.pidsInNamespaces(pid).size() - 1;
    return processes.pidNs(pid) == namespace ? ofProcess : ofProcess + 1;
  }

  /** The process's id on the host, 0 if there is no such process. */
  long onHost(long number) {
    if (level <= 0) {
      return level == 0 ? number : 0;
    }
    if (byNumber == null) {
      byNumber = read();
    }
    return byNumber.getOrDefault(number, 0L);
  }

  private Map<Long, Long> read() {
    Map<Long, Long> found = new HashMap<>();
    for (long pid : processes.all()) {
      List<Long> numbers = processes.pidsInNamespaces(pid);
      if (numbers.size() > level && isInside(pid)) {
        found.put(numbers.get(level), pid);
      }
    }
    return found;
  }

  private boolean isInside(long pid) {
    long ancestor = pid;
    for (int i = 0; i < ANCESTORS_MAX && ancestor > 0; i++) {
      if (processes.pidNs(ancestor) == namespace) {
        return true;
      }
      ancestor = processes.parent(ancestor);
    }
    return false;
  }
}
