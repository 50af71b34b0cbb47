// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.tracers.event.RecordView;

/**
 * Where a record says whose stack it has. The kernel gives numbers of the outermost PID namespace
 * and of the one below it; only one of them is a number in this host's {@code /proc}, which on a
 * node that is a container itself is the second.
 *
 * @param processId index of the field with the process's outermost number; 0 without a stack
 * @param lowerId index of the field with the thread's number one below, which finds the process too
 * @param lowerNamespace index of the field with the PID namespace of that number; 0 without one
 * @param hostPidNs inode number of the PID namespace of the host's {@code /proc}
 */
record StackOwner(int processId, int lowerId, int lowerNamespace, long hostPidNs) {
  /** The outermost namespace; PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h. */
  private static final long OUTERMOST = 0xEFFF_FFFCL;

  /** True if the record has a stack. */
  boolean hasStack(RecordView view) {
    return view.longAt(processId) != 0;
  }

  /** The process's number in the host's {@code /proc}, 0 if it has none there. */
  long onHost(RecordView view) {
    return onHost(
        hostPidNs, view.longAt(processId), view.longAt(lowerId), view.longAt(lowerNamespace));
  }

  static long onHost(long hostPidNs, long processId, long lowerId, long lowerNamespace) {
    if (hostPidNs == OUTERMOST) {
      return processId;
    }
    return lowerNamespace == hostPidNs ? lowerId : 0;
  }
}
