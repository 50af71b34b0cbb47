// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/** Where in the kernel or in a program a BPF program runs, as its section name says. */
public sealed interface Hook {

  /** A tracepoint by category and name, as tracefs lists it. */
  record Tracepoint(String category, String name) implements Hook {}

  /** A tracepoint without argument conversion, by name. */
  record RawTracepoint(String name) implements Hook {}

  /** A raw tracepoint whose arguments the verifier knows by BTF. */
  record BtfTracepoint(String name) implements Hook {}

  /** A BPF iterator over a kind of kernel object: {@code task}, {@code tcp} … */
  record Iterator(String target) implements Hook {}

  /** A perf event that the loader opens; the name behind the slash, mostly empty. */
  record PerfEventHook(String name) implements Hook {}

  /** A function of a binary or shared library; both empty if the section does not name one. */
  record Uprobe(String binary, String symbol, boolean isReturn) implements Hook {}

  /** A kernel function, by breakpoint or ftrace. */
  record Kprobe(String function, boolean isReturn) implements Hook {}

  /** A kernel function, by trampoline; also {@code fmod_ret}. */
  record Fentry(String function, boolean isExit) implements Hook {}

  /** A hook of the BPF security module. */
  record Lsm(String hook) implements Hook {}

  /** A section that names no hook known here. */
  record Unknown(String section) implements Hook {}

  /**
   * The hook that a section name stands for.
   *
   * @param section {@code tracepoint/syscalls/sys_exit_openat}, with or without a leading {@code ?}
   */
  static Hook ofSection(String section) {
    String whole = section.startsWith("?") ? section.substring(1) : section;
    int slash = whole.indexOf('/');
    String kind = slash < 0 ? whole : whole.substring(0, slash);
    String rest = slash < 0 ? "" : whole.substring(slash + 1);
    return switch (kind) {
      case "tracepoint", "tp" -> tracepoint(section, rest);
      case "raw_tp", "raw_tracepoint", "raw_tp.w", "raw_tracepoint.w" -> new RawTracepoint(rest);
      case "tp_btf" -> new BtfTracepoint(rest);
      case "iter", "iter.s" -> new Iterator(rest);
      case "perf_event" -> new PerfEventHook(rest);
      case "uprobe", "uprobe.s" -> uprobe(rest, false);
      case "uretprobe", "uretprobe.s" -> uprobe(rest, true);
      case "kprobe", "ksyscall" -> new Kprobe(rest, false);
      case "kretprobe", "kretsyscall" -> new Kprobe(rest, true);
      case "fentry", "fentry.s", "fmod_ret", "fmod_ret.s" -> new Fentry(rest, false);
      case "fexit", "fexit.s" -> new Fentry(rest, true);
      case "lsm", "lsm.s" -> new Lsm(rest);
      default -> new Unknown(section);
    };
  }

  private static Hook tracepoint(String section, String rest) {
    int slash = rest.indexOf('/');
    if (slash <= 0 || slash == rest.length() - 1) {
      return new Unknown(section);
    }
    return new Tracepoint(rest.substring(0, slash), rest.substring(slash + 1));
  }

  private static Hook uprobe(String rest, boolean isReturn) {
    // A path may hold colons, a symbol holds none.
    int colon = rest.lastIndexOf(':');
    return colon < 0
        ? new Uprobe(rest, "", isReturn)
        : new Uprobe(rest.substring(0, colon), rest.substring(colon + 1), isReturn);
  }
}
