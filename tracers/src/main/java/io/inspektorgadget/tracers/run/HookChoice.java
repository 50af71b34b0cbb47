// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfException;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.BpfProgram;
import io.inspektorgadget.kernel.bpf.Hook;
import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.kernel.bpf.ProbeResult;
import io.inspektorgadget.kernel.bpf.Tracepoints;
import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of a gadget's programs are used: for each purpose the first one that the running kernel
 * takes. The others are not loaded.
 */
final class HookChoice {
  private final GadgetSpec spec;
  private final BpfObject object;

  HookChoice(GadgetSpec spec, BpfObject object) {
    this.spec = spec;
    this.object = object;
  }

  /**
   * Switches off what is not used; to be called before the object is loaded.
   *
   * @throws GadgetException if the kernel takes no program of a purpose; it says what is missing
   */
  void apply() {
    for (Map.Entry<String, List<String>> purpose : spec.hooks().entrySet()) {
      choose(purpose.getKey(), purpose.getValue());
    }
  }

  private void choose(String purpose, List<String> programNames) {
    boolean chosen = false;
    List<String> reasons = new ArrayList<>();
    for (String name : programNames) {
      if (name.equals(GadgetSpec.NO_HOOK)) {
        // The last of the list: what the hooks tell is left out then.
        return;
      }
      BpfProgram program = object.program(name);
      String reason = chosen ? null : refusal(program);
      if (!chosen && reason == null) {
        chosen = true;
      } else {
        program.setAutoload(false);
      }
      if (reason != null) {
        reasons.add(reason);
      }
    }
    if (!chosen) {
      throw new GadgetException(
          "choosing a hook for "
              + purpose
              + " of "
              + spec.name()
              + ": this kernel takes none of them ("
              + String.join("; ", reasons)
              + ")");
    }
  }

  /** Why the kernel does not take a program, with its hook; null if it does. */
  private @Nullable String refusal(BpfProgram program) {
    String missing = missing(program.hook());
    if (missing != null) {
      return program.section() + ": " + missing;
    }
    if (!isKnownOnlyByTrial(program.hook())) {
      return null;
    }
    BpfException refusal = object.refusal(program);
    if (refusal == null) {
      return null;
    }
    // libbpf says the same in many words.
    return program.hook() instanceof Hook.Fentry(String function, boolean isExit)
            && Btf.ofKernel().find(BtfType.Func.class, function) == null
        ? program.section() + ": this kernel has no function " + function
        : refusal.getMessage();
  }

  /**
   * Kernels inline functions, forbid probing some, and change the arguments of others and of typed
   * tracepoints: no list tells all of it.
   */
  private static boolean isKnownOnlyByTrial(Hook hook) {
    return hook instanceof Hook.Kprobe
        || hook instanceof Hook.Fentry
        || hook instanceof Hook.Lsm
        || hook instanceof Hook.BtfTracepoint;
  }

  /** What the kernel lacks for that hook; null if it has it. */
  private static @Nullable String missing(Hook hook) {
    return switch (hook) {
      case Hook.Tracepoint(String category, String name) ->
          Tracepoints.exists(category, name) ? null : "no such tracepoint";
      case Hook.RawTracepoint(String name) -> missingBtfTracepoint(name);
      case Hook.BtfTracepoint(String name) -> missingBtfTracepoint(name);
      case Hook.Kprobe kprobe -> missing(KernelFeature.KPROBE);
      case Hook.Fentry fentry -> missing(KernelFeature.FENTRY);
      case Hook.Lsm lsm -> missing(KernelFeature.BPF_LSM);
      case Hook.Iterator iterator -> null;
      case Hook.PerfEventHook perf -> null;
      case Hook.Uprobe uprobe -> null;
      case Hook.Unknown unknown -> null;
    };
  }

  private static @Nullable String missingBtfTracepoint(String name) {
    return Btf.ofKernel().find(BtfType.Typedef.class, "btf_trace_" + name) == null
        ? "no such tracepoint"
        : null;
  }

  private static @Nullable String missing(KernelFeature feature) {
    return feature.probe() instanceof ProbeResult.Unsupported(String why) ? why : null;
  }
}
