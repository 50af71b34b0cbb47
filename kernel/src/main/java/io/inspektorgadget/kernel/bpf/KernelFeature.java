// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.SystemCallException;

/**
 * What kernels have or lack, each found out by trying it. A probe leaves nothing behind and may
 * take some milliseconds. Thread-safe.
 */
public enum KernelFeature {
  /** Breakpoints on kernel functions. */
  KPROBE,
  /** Trampolines on kernel functions. */
  FENTRY,
  /** Security hooks by BPF, active at boot. */
  BPF_LSM,
  /** The kernel's own type information. */
  BTF,
  /** BPF ring buffers (5.8). */
  RING_BUFFER,
  /** Tracepoints by tracefs. */
  TRACEPOINT,
  /** Raw tracepoints with BTF types. */
  BTF_TRACEPOINT,
  /** BPF iterators. */
  ITERATOR,
  /** Breakpoints on functions of programs. */
  UPROBE,
  /** Software perf events. */
  PERF_EVENT,
  /** A mounted cgroup v2 hierarchy. */
  CGROUP2,
  /** fanotify events that hold the program which causes them. */
  FANOTIFY_PERMISSION;

  /** Tries it. */
  public ProbeResult probe() {
    try {
      return tryIt();
    } catch (SystemCallException exception) {
      return new ProbeResult.Unknown(String.valueOf(exception.getMessage()));
    }
  }

  private ProbeResult tryIt() {
    return switch (this) {
      case KPROBE -> FeatureProbe.kprobe();
      case FENTRY -> FeatureProbe.fentry();
      case BPF_LSM -> FeatureProbe.lsm();
      case BTF -> FeatureProbe.btf();
      case RING_BUFFER -> FeatureProbe.ringBuffer();
      case TRACEPOINT -> FeatureProbe.tracepoint();
      case BTF_TRACEPOINT -> FeatureProbe.btfTracepoint();
      case ITERATOR -> FeatureProbe.iterator();
      case UPROBE -> FeatureProbe.uprobe();
      case PERF_EVENT -> FeatureProbe.perfEvent();
      case CGROUP2 -> FeatureProbe.cgroup2();
      case FANOTIFY_PERMISSION -> FeatureProbe.fanotifyPermission();
    };
  }
}
