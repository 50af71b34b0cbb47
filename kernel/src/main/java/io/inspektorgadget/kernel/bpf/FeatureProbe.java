// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.NativeFunction;
import io.inspektorgadget.kernel.io.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trials behind {@link KernelFeature}: each makes the smallest thing of its kind. */
final class FeatureProbe {
  private static final ProbeResult SUPPORTED = new ProbeResult.Supported();
  private static final int TEXT_LIMIT_BYTES = 1 << 20;

  private static final int PROGRAM_TRACING = 26;
  private static final int PROGRAM_LSM = 29;
  private static final int ATTACH_RAW_TRACEPOINT = 23;
  private static final int ATTACH_FENTRY = 24;
  private static final int ATTACH_LSM = 27;
  private static final int ATTACH_ITERATOR = 28;

  /** struct bpf_prog_load_opts, up to attach_btf_id. */
  private static final int LOAD_OPTIONS_SIZE_BYTES = 40;

  private static final int LOAD_OPTIONS_ATTACH_TYPE = 12;
  private static final int LOAD_OPTIONS_BTF_ID = 32;

  /** {@code r0 = 0; exit}. */
  private static final long[] RETURN_ZERO = {0xb7, 0x95};

  private static final long FANOTIFY_CONTENT_CLOSE_ON_EXEC = 5;
  private static final long FANOTIFY_MARK_ADD = 1;
  private static final long FANOTIFY_OPEN_EXEC_PERMISSION = 0x40000;

  private FeatureProbe() {}

  static ProbeResult kprobe() {
    return dynamicEvent("kprobe", "this kernel has no kprobes");
  }

  static ProbeResult uprobe() {
    return dynamicEvent("uprobe", "this kernel has no uprobes");
  }

  private static ProbeResult dynamicEvent(String source, String absent) {
    String folder = "/sys/bus/event_source/devices";
    if (Libc.readText(Libc.AT_FDCWD, folder + "/software/type", 32) == null) {
      return new ProbeResult.Unknown("nothing below " + folder + "; mount sysfs");
    }
    String type = Libc.readText(Libc.AT_FDCWD, folder + "/" + source + "/type", 32);
    return type == null ? new ProbeResult.Unsupported(absent) : SUPPORTED;
  }

  static ProbeResult btf() {
    String path = "/sys/kernel/btf/vmlinux";
    int fd = Libc.openAt(Libc.AT_FDCWD, path, Libc.O_RDONLY);
    if (fd >= 0) {
      Libc.close(fd);
      return SUPPORTED;
    }
    return fd == -Errno.ENOENT
        ? new ProbeResult.Unsupported("this kernel has no BTF: there is no " + path)
        : new ProbeResult.Unknown("opening " + path + ": " + Errno.name(fd));
  }

  static ProbeResult ringBuffer() {
    LibBpf.require();
    return ofResult(
        LibBpf.MAP_CREATE.call(MapType.RING_BUFFER, 0, 0, 0, 4096),
        "this kernel has no BPF ring buffers");
  }

  static ProbeResult tracepoint() {
    return Tracepoints.exists("sched", "sched_process_exec")
        ? SUPPORTED
        : new ProbeResult.Unsupported("this kernel has no tracepoints in tracefs");
  }

  static ProbeResult perfEvent() {
    try {
      List<PerfEvent> events = PerfEvent.cpuClockOnEveryCpu(1);
      events.forEach(PerfEvent::close);
      return SUPPORTED;
    } catch (BpfException exception) {
      return exception.errno() == Errno.ENOSYS
          ? new ProbeResult.Unsupported("this kernel has no perf events")
          : new ProbeResult.Unknown(String.valueOf(exception.getMessage()));
    }
  }

  static ProbeResult cgroup2() {
    String mounts = Libc.readText(Libc.AT_FDCWD, "/proc/self/mountinfo", TEXT_LIMIT_BYTES);
    if (mounts == null) {
      return new ProbeResult.Unknown("reading /proc/self/mountinfo: mount proc");
    }
    return mounts.contains(" - cgroup2 ")
        ? SUPPORTED
        : new ProbeResult.Unsupported("no cgroup v2 hierarchy is mounted");
  }

  static ProbeResult fentry() {
    String absent = "this kernel has no BPF trampolines (fentry)";
    return unlessRefused(
        tracing(new Target(PROGRAM_TRACING, ATTACH_FENTRY, "vfs_read"), absent), absent);
  }

  /** A refusal is the kernel's own if the same rights suffice for another tracing program. */
  private static ProbeResult unlessRefused(ProbeResult result, String absent) {
    return result instanceof ProbeResult.Unknown && btfTracepoint() instanceof ProbeResult.Supported
        ? new ProbeResult.Unsupported(absent + ", or forbids them")
        : result;
  }

  static ProbeResult btfTracepoint() {
    return tracing(
        new Target(PROGRAM_TRACING, ATTACH_RAW_TRACEPOINT, "sched_process_exec"),
        "this kernel has no BTF tracepoints");
  }

  static ProbeResult iterator() {
    return tracing(
        new Target(PROGRAM_TRACING, ATTACH_ITERATOR, "task"), "this kernel has no BPF iterators");
  }

  static ProbeResult lsm() {
    String absent = "this kernel has no BPF security hooks (LSM)";
    ProbeResult attached =
        unlessRefused(tracing(new Target(PROGRAM_LSM, ATTACH_LSM, "file_open"), absent), absent);
    if (!(attached instanceof ProbeResult.Supported)) {
      return attached;
    }
    // Programs attach also where the module is not active, and then never run.
    String active = activeSecurityModules();
    if (active == null) {
      return new ProbeResult.Unknown("reading /sys/kernel/security/lsm: mount securityfs");
    }
    return List.of(active.strip().split(",", -1)).contains("bpf")
        ? SUPPORTED
        : new ProbeResult.Unsupported("the BPF security module is not active: boot with lsm=…,bpf");
  }

  private static @Nullable String activeSecurityModules() {
    String mounted = Libc.readText(Libc.AT_FDCWD, "/sys/kernel/security/lsm", 4096);
    if (mounted != null) {
      return mounted;
    }
    try (Fd mount = DetachedMount.open("securityfs", "/sys/kernel/security")) {
      return Libc.readText(mount.number(), "lsm", 4096);
    }
  }

  private record Target(int programType, int attachType, String name) {}

  /** Loads and attaches a program that only returns; both end before this method does. */
  private static ProbeResult tracing(Target target, String absent) {
    LibBpf.require();
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(target.name).address();
      long found = LibBpf.FIND_KERNEL_BTF_ID.call(name, target.attachType);
      if (LibBpf.errno(found) != 0) {
        return btf() instanceof ProbeResult.Supported ? new ProbeResult.Unsupported(absent) : btf();
      }
      long loaded = load(arena, target, (int) found);
      int errno = LibBpf.errno(loaded);
      if (errno != 0) {
        return ofErrno(errno, absent);
      }
      try (Fd program = Fd.ofResult(NativeFunction.toInt(loaded), "loading", "a probe")) {
        return ofResult(attach(program, target), absent);
      }
    }
  }

  private static long attach(Fd program, Target target) {
    return target.attachType == ATTACH_ITERATOR
        ? LibBpf.LINK_CREATE.call(program.number(), 0, ATTACH_ITERATOR, 0)
        : LibBpf.RAW_TRACEPOINT_OPEN.call(0, program.number());
  }

  private static long load(Arena arena, Target target, int btfId) {
    MemorySegment options = arena.allocate(LOAD_OPTIONS_SIZE_BYTES, 8);
    options.set(JAVA_LONG, 0, LOAD_OPTIONS_SIZE_BYTES);
    options.set(JAVA_INT, LOAD_OPTIONS_ATTACH_TYPE, target.attachType);
    options.set(JAVA_INT, LOAD_OPTIONS_BTF_ID, btfId);
    return LibBpf.PROGRAM_LOAD.callWith(
        target.programType,
        arena.allocateFrom("probe").address(),
        arena.allocateFrom("GPL").address(),
        arena.allocateFrom(JAVA_LONG, RETURN_ZERO).address(),
        RETURN_ZERO.length,
        options.address());
  }

  static ProbeResult fanotifyPermission() {
    String absent = "this kernel has no fanotify permission events";
    try (Arena arena = Arena.ofConfined()) {
      long result = Libc.syscall(SystemCall.FANOTIFY_INIT, FANOTIFY_CONTENT_CLOSE_ON_EXEC, 0);
      if (result < 0) {
        return ofErrno((int) -result, absent);
      }
      // An unnamed file of our own: nobody else can open it, so nobody is held.
      NativeFunction memfd = NativeFunction.ofLibc("memfd_create");
      try (Fd group = Fd.ofResult(result, "opening", "fanotify");
          Fd file =
              Fd.ofResult(
                  NativeFunction.toInt(memfd.call(arena.allocateFrom("probe").address(), 1)),
                  "opening",
                  "a memory file")) {
        long marked =
            Libc.syscall(
                SystemCall.FANOTIFY_MARK,
                group.number(),
                FANOTIFY_MARK_ADD,
                FANOTIFY_OPEN_EXEC_PERMISSION,
                file.number(),
                0);
        return marked < 0 ? ofErrno((int) -marked, absent) : SUPPORTED;
      }
    }
  }

  /** Closes what a trial opened. */
  private static ProbeResult ofResult(long result, String absent) {
    int errno = LibBpf.errno(result);
    if (errno != 0) {
      return ofErrno(errno, absent);
    }
    Libc.close((int) result);
    return SUPPORTED;
  }

  private static ProbeResult ofErrno(int errno, String absent) {
    return errno == Errno.EPERM || errno == Errno.EACCES
        ? new ProbeResult.Unknown(Errno.name(errno) + ": trying it needs root")
        : new ProbeResult.Unsupported(absent);
  }
}
