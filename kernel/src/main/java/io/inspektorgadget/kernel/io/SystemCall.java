// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/** System calls that the C library of Debian 12 has no function for, with their numbers. */
public enum SystemCall {
  /** newfstatat(2), which older C libraries have under another name. */
  NEWFSTATAT(262, 79),
  /** perf_event_open(2). */
  PERF_EVENT_OPEN(298, 241),
  /** bpf(2). */
  BPF(321, 280),
  /** fanotify_init(2). */
  FANOTIFY_INIT(300, 262),
  /** fanotify_mark(2). */
  FANOTIFY_MARK(301, 263),
  /** memfd_create(2). */
  MEMFD_CREATE(319, 279),
  /** fsopen(2). */
  FSOPEN(430, 430),
  /** fsconfig(2). */
  FSCONFIG(431, 431),
  /** fsmount(2). */
  FSMOUNT(432, 432),
  /** pidfd_open(2). */
  PIDFD_OPEN(434, 434);

  private final int amd64;
  private final int arm64;

  SystemCall(int amd64, int arm64) {
    this.amd64 = amd64;
    this.arm64 = arm64;
  }

  /** Its number on this machine's architecture. */
  public int number() {
    return Architecture.CURRENT == Architecture.AMD64 ? amd64 : arm64;
  }
}
