// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.tracers.event.RecordView;
import java.util.function.LongSupplier;

/**
 * Where a record says whose stack it has. The kernel gives numbers of the outermost PID namespace
 * and of the one below it; only one of them is a number in this host's {@code /proc}, which on a
 * node that is a container itself is the second. Single thread.
 */
final class StackOwner {
  private final int processId;
  private final int lowerId;
  private final int lowerNamespace;
  private final LongSupplier asked;
  private long hostPidNs;

  /**
   * The owner of stacks.
   *
   * @param processId index of the field with the process's outermost number; 0 without a stack
   * @param lowerId index of the field with the thread's number one below, which finds the process
   *     too
   * @param lowerNamespace index of the field with the PID namespace of that number; 0 without one
   * @param hostPidNs tells the inode number of the PID namespace of the host's {@code /proc}; asked
   *     when the first stack comes, as many runs have none
   */
  StackOwner(int processId, int lowerId, int lowerNamespace, LongSupplier hostPidNs) {
    this.processId = processId;
    this.lowerId = lowerId;
    this.lowerNamespace = lowerNamespace;
    this.asked = hostPidNs;
  }

  /** True if the record has a stack. */
  boolean hasStack(RecordView view) {
    return view.longAt(processId) != 0;
  }

  /** The process's number in the host's {@code /proc}, 0 if it has none there. */
  long onHost(RecordView view) {
    if (hostPidNs == 0) {
      hostPidNs = asked.getAsLong();
    }
    return onHost(
        hostPidNs, view.longAt(processId), view.longAt(lowerId), view.longAt(lowerNamespace));
  }

  static long onHost(long hostPidNs, long processId, long lowerId, long lowerNamespace) {
    if (hostPidNs == HostProcesses.INITIAL_PID_NS) {
      return processId;
    }
    return lowerNamespace == hostPidNs ? lowerId : 0;
  }
}
