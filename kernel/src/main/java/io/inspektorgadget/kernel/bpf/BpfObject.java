// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.KernelHandover;
import io.inspektorgadget.kernel.io.NativeFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled BPF object: its programs, maps and global variables. {@link #open} only parses; {@link
 * #load} brings it into the kernel, {@link #attach} starts programs.
 *
 * <p>The opener closes it, which detaches and unloads everything in reverse order, once, whatever
 * failed before. One thread at a time opens, sets up, loads, attaches and closes; maps say what
 * more they allow.
 */
public final class BpfObject implements AutoCloseable {
  /** struct bpf_object_open_opts up to the file of types: libbpf takes the rest as zero. */
  private static final int OPEN_OPTIONS_SIZE_BYTES = 56;

  private static final int OPEN_OPTIONS_NAME_OFFSET = 8;
  private static final int OPEN_OPTIONS_TYPES_OFFSET = 48;

  private enum State {
    OPEN,
    LOADED,
    CLOSED
  }

  private final String name;
  private final byte[] elf;
  private final GlobalVariables variables;
  private final long handle;
  private final Arena arena = Arena.ofShared();
  private final List<BpfProgram> programs = new ArrayList<>();
  private final List<BpfMap> maps = new ArrayList<>();
  private final List<BpfLink> links = new ArrayList<>();
  private @Nullable KernelHandover handover;
  private volatile State state = State.OPEN;

  private BpfObject(String name, byte[] elf, GlobalVariables variables, long handle) {
    this.name = name;
    this.elf = elf;
    this.variables = variables;
    this.handle = handle;
    long program = LibBpf.OBJECT_NEXT_PROGRAM.call(handle, 0);
    while (program != 0) {
      programs.add(new BpfProgram(this, program));
      program = LibBpf.OBJECT_NEXT_PROGRAM.call(handle, program);
    }
    long map = LibBpf.OBJECT_NEXT_MAP.call(handle, 0);
    while (map != 0) {
      maps.add(new BpfMap(this, map));
      map = LibBpf.OBJECT_NEXT_MAP.call(handle, map);
    }
  }

  /**
   * Opens libbpf, as the first object would. For a thread that has nothing better to do while a
   * program starts; what is missing is said by {@link #open}.
   */
  public static void openLibraryEarly() {
    LibBpf.initialize();
  }

  /**
   * Parses an object without touching the kernel.
   *
   * @param name what errors and the kernel's listings call it
   * @param elf the whole ELF file; not changed, and kept until the object is closed
   * @throws BpfException if it is no complete, well-formed BPF object, or libbpf is not installed
   */
  public static BpfObject open(String name, byte[] elf) {
    return open(name, elf, null);
  }

  /**
   * Parses an object that looks up the kernel's types in a file instead of asking the kernel.
   *
   * @param kernelTypes BTF of the running kernel with at least the types that the object relocates
   *     against; null: the kernel's own
   * @throws BpfException as {@link #open(String, byte[])}
   */
  public static BpfObject open(String name, byte[] elf, @Nullable Path kernelTypes) {
    GlobalVariables variables = GlobalVariables.read(name, elf);
    LibBpf.require();
    try (Arena call = Arena.ofConfined()) {
      MemorySegment bytes = call.allocate(Math.max(elf.length, 1), 16);
      MemorySegment.copy(elf, 0, bytes, JAVA_BYTE, 0, elf.length);
      MemorySegment options = call.allocate(OPEN_OPTIONS_SIZE_BYTES, 8);
      options.set(JAVA_LONG, 0, OPEN_OPTIONS_SIZE_BYTES);
      options.set(JAVA_LONG, OPEN_OPTIONS_NAME_OFFSET, call.allocateFrom(name).address());
      if (kernelTypes != null) {
        long path = call.allocateFrom(kernelTypes.toString()).address();
        options.set(JAVA_LONG, OPEN_OPTIONS_TYPES_OFFSET, path);
      }
      long handle = LibBpf.OBJECT_OPEN_MEM.call(bytes.address(), elf.length, options.address());
      if (handle == 0) {
        int errno = NativeFunction.lastErrno();
        throw new BpfException("opening", name, errno, "it is no well-formed BPF object");
      }
      return new BpfObject(name, elf, variables, handle);
    }
  }

  /** What errors call it. */
  public String name() {
    return name;
  }

  /** The types in it. */
  public Btf btf() {
    return variables.btf();
  }

  /** All programs, in the order of the object. */
  public List<BpfProgram> programs() {
    return List.copyOf(programs);
  }

  /** All maps, those behind global variables too. */
  public List<BpfMap> maps() {
    return List.copyOf(maps);
  }

  /**
   * A program by its C name.
   *
   * @throws BpfException ENOENT if there is none
   */
  public BpfProgram program(String programName) {
    BpfProgram found = findProgram(programName);
    if (found == null) {
      throw new BpfException("using", "program " + programName, Errno.ENOENT, name + " has none");
    }
    return found;
  }

  /** A program by its C name, or null. */
  public @Nullable BpfProgram findProgram(String programName) {
    return programs.stream().filter(p -> p.name().equals(programName)).findFirst().orElse(null);
  }

  /**
   * A map by its C name.
   *
   * @throws BpfException ENOENT if there is none
   */
  public BpfMap map(String mapName) {
    BpfMap found = findMap(mapName);
    if (found == null) {
      throw new BpfException("using", "map " + mapName, Errno.ENOENT, name + " has none");
    }
    return found;
  }

  /** A map by its C name, or null. */
  public @Nullable BpfMap findMap(String mapName) {
    return maps.stream().filter(m -> m.name().equals(mapName)).findFirst().orElse(null);
  }

  /** True if it has a global variable of that name, constant or not. */
  public boolean hasVariable(String variable) {
    return variables.find(variable) != null;
  }

  /**
   * Size of a global variable.
   *
   * @throws BpfException ENOENT if there is none
   */
  public int variableSizeBytes(String variable) {
    return variables.require(variable).sizeBytes();
  }

  /**
   * Sets what a global variable starts with; the only way to give one of {@code .rodata} a value.
   *
   * @param value its bytes, in this machine's order
   * @throws IllegalStateException after the load
   * @throws BpfException ENOENT if there is none, EINVAL if the size differs
   */
  public void setVariable(String variable, byte[] value) {
    requireNotLoaded("setting variable " + variable);
    variables.set(maps, variable, value);
  }

  /**
   * The memory of a global variable of the loaded object, shared with its programs; read-only for
   * one of {@code .rodata}. Valid until the object is closed.
   *
   * @throws BpfException ENOENT if there is none
   */
  public MemorySegment variable(String variable) {
    requireOpen("using variable " + variable);
    return variables.mapped(maps, variable);
  }

  /**
   * Makes the maps and loads the programs whose autoload is on. Once; after a failure only {@link
   * #close} is left.
   *
   * @throws VerifierException if the verifier refuses a program
   * @throws BpfException with the kernel's error number otherwise: EPERM without the capabilities
   */
  public void load() {
    requireNotLoaded("loading " + name);
    state = State.LOADED;
    int errno = tryLoad();
    if (errno != 0) {
      throw LoadDiagnosis.of(this, errno);
    }
  }

  /** Loads; 0 or the error number. */
  int tryLoad() {
    return LibBpf.errno(LibBpf.OBJECT_LOAD.call(handle));
  }

  /** The same object, opened again with the settings of this one, for another try. */
  BpfObject reopen() {
    BpfObject again = open(name, elf);
    try {
      for (int index = 0; index < programs.size(); index++) {
        again.programs.get(index).setAutoload(programs.get(index).isAutoload());
      }
      for (int index = 0; index < maps.size(); index++) {
        again.maps.get(index).copySettings(maps.get(index));
      }
    } catch (RuntimeException exception) {
      again.close();
      throw exception;
    }
    return again;
  }

  /**
   * Tries whether the running kernel takes a program where its section says: loads and attaches it
   * alone, in a copy of this object, and gives everything back. Before {@link #load}.
   *
   * @return why the kernel does not take it, or null if it does
   */
  public @Nullable BpfException refusal(BpfProgram program) {
    requireNotLoaded("trying " + program);
    try (BpfObject trial = reopen()) {
      for (BpfProgram other : trial.programs) {
        other.setAutoload(other.name().equals(program.name()));
      }
      trial.load();
      trial.attach(trial.program(program.name())).close();
      return null;
    } catch (BpfException exception) {
      return exception;
    }
  }

  /**
   * Attaches a loaded program where its section says. Closing the link, or the object, detaches it.
   *
   * @throws BpfException ENOENT if the kernel has no such hook, with the feature that it lacks
   */
  public BpfLink attach(BpfProgram program) {
    requireOwn(program);
    program.fd();
    Hook hook = program.hook();
    if (hook instanceof Hook.Tracepoint tracepoint) {
      return attachTracepoint(program, tracepoint);
    }
    String reason = "";
    if (hook instanceof Hook.PerfEventHook) {
      reason = "it needs a perf event to run on";
    } else if (hook instanceof Hook.Uprobe uprobe && uprobe.symbol().isEmpty()) {
      reason = "its section names no function: uprobe/BINARY:FUNCTION";
    } else if (hook instanceof Hook.Unknown) {
      reason = "no hook has such a section name";
    }
    if (!reason.isEmpty()) {
      throw new BpfException("attaching", program.section(), Errno.EINVAL, reason);
    }
    return attachBySection(program);
  }

  /**
   * Attaches a program to a perf event, which belongs to the link from then on; on failure it stays
   * the caller's.
   */
  public BpfLink attachPerfEvent(BpfProgram program, PerfEvent event) {
    requireOwn(program);
    program.fd();
    long link = LibBpf.PROGRAM_ATTACH_PERF_EVENT.call(program.handle(), event.fd());
    BpfLink attached = linkOf(program, link);
    event.release();
    return attached;
  }

  /**
   * Attaches a program to a clock on every CPU: it runs in the context of whatever runs there.
   *
   * @param frequencyHz times per second and CPU
   * @throws BpfException if one CPU's clock cannot be had; nothing stays attached then
   */
  public List<BpfLink> attachCpuClock(BpfProgram program, int frequencyHz) {
    List<BpfLink> attached = new ArrayList<>();
    List<PerfEvent> clocks = PerfEvent.cpuClockOnEveryCpu(frequencyHz);
    try {
      for (PerfEvent clock : clocks) {
        attached.add(attachPerfEvent(program, clock));
      }
    } catch (RuntimeException exception) {
      attached.reversed().forEach(BpfLink::close);
      throw exception;
    } finally {
      // Closes those that no link took over.
      clocks.forEach(PerfEvent::close);
    }
    return attached;
  }

  private BpfLink attachTracepoint(BpfProgram program, Hook.Tracepoint hook) {
    int id =
        Tracepoints.id(hook.category(), hook.name())
            .orElseThrow(() ->
                new BpfException(
                    "attaching",
                    program.section(),
                    Errno.ENOENT,
                    "this kernel has no such tracepoint"));
    try (PerfEvent event = PerfEvent.tracepoint(id, program.section())) {
      return attachPerfEvent(program, event);
    }
  }

  private BpfLink attachBySection(BpfProgram program) {
    return linkOf(program, LibBpf.PROGRAM_ATTACH.call(program.handle()));
  }

  private BpfLink linkOf(BpfProgram program, long link) {
    if (link == 0) {
      int errno = NativeFunction.lastErrno();
      String detail = AttachFailure.detail(program.hook(), errno);
      throw new BpfException("attaching", program.section(), errno, detail);
    }
    BpfLink attached = new BpfLink(this, program, link);
    synchronized (links) {
      links.add(attached);
    }
    return attached;
  }

  /**
   * Starts a walk of an iterator program. The caller closes it, best at once: it holds kernel
   * memory.
   *
   * @throws BpfException EINVAL if the link is no iterator's
   */
  public BpfIterator iterate(BpfLink link) {
    String subject = link.program().section();
    long result = LibBpf.ITERATOR_CREATE.call(link.fd());
    int errno = LibBpf.errno(result);
    if (errno != 0) {
      throw new BpfException("starting", subject, errno, "");
    }
    return new BpfIterator(Fd.ofResult(NativeFunction.toInt(result), "starting", subject), subject);
  }

  /**
   * Leaves the detaching of everything attached to the kernel, which comes to it within about a
   * second, also when this process has ended by then. For a process that is about to end: {@link
   * #close} need not wait then, where each tracepoint costs 50 to 90 ms. Programs may run until the
   * kernel has come to it. Where it takes nothing over, close detaches as always.
   */
  public void detachLater() {
    requireOpen("detaching programs");
    List<BpfLink> attached;
    synchronized (links) {
      attached = List.copyOf(links);
    }
    if (!attached.isEmpty() && handover == null) {
      handover = KernelHandover.of(attached.stream().mapToInt(BpfLink::fd).toArray());
    }
  }

  /** True between {@link #load} and {@link #close}. */
  boolean isLoaded() {
    return state == State.LOADED;
  }

  boolean isOpen() {
    return state != State.CLOSED;
  }

  /** Memory that lives as long as the object. */
  Arena arena() {
    return arena;
  }

  void forget(BpfLink link) {
    synchronized (links) {
      links.remove(link);
    }
  }

  void requireOpen(String operation) {
    if (state == State.CLOSED) {
      throw new IllegalStateException(operation + " of " + name + ": it is closed already");
    }
  }

  void requireNotLoaded(String operation) {
    requireOpen(operation);
    if (state == State.LOADED) {
      throw new IllegalStateException(operation + ": " + name + " is loaded already");
    }
  }

  private void requireOwn(BpfProgram program) {
    requireOpen("attaching " + program);
    if (!program.belongsTo(this)) {
      throw new IllegalArgumentException(program + " is not a program of " + name);
    }
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    List<BpfLink> remaining;
    synchronized (links) {
      remaining = List.copyOf(links).reversed();
    }
    remaining.forEach(BpfLink::close);
    if (handover != null) {
      // Only now, so that the kernel's hold is the last one.
      handover.close();
    }
    state = State.CLOSED;
    variables.close();
    LibBpf.OBJECT_CLOSE.call(handle);
    arena.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
