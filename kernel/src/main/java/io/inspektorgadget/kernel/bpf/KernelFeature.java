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

  /** Why a hook may be missing: what this kernel lacks for it, empty if it lacks nothing. */
  static String whyNot(Hook hook) {
    KernelFeature feature =
        switch (hook) {
          case Hook.Tracepoint any -> TRACEPOINT;
          case Hook.RawTracepoint any -> TRACEPOINT;
          case Hook.BtfTracepoint any -> BTF_TRACEPOINT;
          case Hook.Iterator any -> ITERATOR;
          case Hook.PerfEventHook any -> PERF_EVENT;
          case Hook.Uprobe any -> UPROBE;
          case Hook.Kprobe any -> KPROBE;
          case Hook.Fentry any -> FENTRY;
          case Hook.Lsm any -> BPF_LSM;
          case Hook.Unknown any -> BTF;
        };
    return feature.probe() instanceof ProbeResult.Unsupported unsupported ? unsupported.why() : "";
  }
}
