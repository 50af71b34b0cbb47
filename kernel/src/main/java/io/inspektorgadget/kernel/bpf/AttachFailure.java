// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.Errno;

/** Puts into words why a program could not be attached: the kernel gives a number only. */
final class AttachFailure {
  private AttachFailure() {}

  /** The reason, empty if the number has to speak for itself. */
  static String detail(Hook hook, int errno) {
    String lacking = lackingFeature(hook);
    if (!lacking.isEmpty()) {
      return lacking;
    }
    if (errno == Errno.EPERM || errno == Errno.EACCES) {
      return "needs root, or the capabilities BPF and PERFMON";
    }
    return isAbsence(errno) ? absence(hook) : "";
  }

  /** libbpf and the kernel use all three for something that is not there. */
  private static boolean isAbsence(int errno) {
    return errno == Errno.ENOENT || errno == Errno.ESRCH || errno == Errno.EINVAL;
  }

  private static String absence(Hook hook) {
    return switch (hook) {
      case Hook.Tracepoint any -> "this kernel has no such tracepoint";
      case Hook.RawTracepoint any -> "this kernel has no such tracepoint";
      case Hook.BtfTracepoint any -> "this kernel has no such tracepoint";
      case Hook.Iterator any -> "this kernel has no such iterator";
      case Hook.PerfEventHook any -> "";
      case Hook.Uprobe uprobe ->
          "there is no file %s, or no function %s in it"
              .formatted(uprobe.binary(), uprobe.symbol());
      case Hook.Kprobe kprobe ->
          "this kernel has no function " + kprobe.function() + ", or forbids probing it";
      case Hook.Fentry fentry -> "this kernel has no function " + fentry.function();
      case Hook.Lsm lsm -> "this kernel has no security hook " + lsm.hook();
      case Hook.Unknown any -> "";
    };
  }

  /** What this kernel lacks for a kind of hook, empty if it lacks nothing. */
  private static String lackingFeature(Hook hook) {
    KernelFeature feature =
        switch (hook) {
          case Hook.Tracepoint any -> KernelFeature.TRACEPOINT;
          case Hook.RawTracepoint any -> KernelFeature.TRACEPOINT;
          case Hook.BtfTracepoint any -> KernelFeature.BTF_TRACEPOINT;
          case Hook.Iterator any -> KernelFeature.ITERATOR;
          case Hook.PerfEventHook any -> KernelFeature.PERF_EVENT;
          case Hook.Uprobe any -> KernelFeature.UPROBE;
          case Hook.Kprobe any -> KernelFeature.KPROBE;
          case Hook.Fentry any -> KernelFeature.FENTRY;
          case Hook.Lsm any -> KernelFeature.BPF_LSM;
          case Hook.Unknown any -> KernelFeature.BTF;
        };
    return feature.probe() instanceof ProbeResult.Unsupported unsupported ? unsupported.why() : "";
  }
}
