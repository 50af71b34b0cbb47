// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/**
 * One program of a {@link BpfObject}, which owns it. Not thread-safe before the object is loaded.
 */
public final class BpfProgram {
  /** BPF_PROG_TYPE_PERF_EVENT of {@code enum bpf_prog_type}. */
  private static final int TYPE_PERF_EVENT = 7;

  private final BpfObject object;
  private final long handle;
  private final String name;
  private final String section;
  private final Hook hook;

  BpfProgram(BpfObject object, long handle) {
    this.object = object;
    this.handle = handle;
    this.name = LibBpf.text(LibBpf.PROGRAM_NAME.call(handle));
    this.section = LibBpf.text(LibBpf.PROGRAM_SECTION.call(handle));
    this.hook = Hook.ofSection(section);
    if (hook instanceof Hook.PerfEventHook) {
      // libbpf knows the section without a name behind it only, and leaves the type open otherwise.
      LibBpf.PROGRAM_SET_TYPE.call(handle, TYPE_PERF_EVENT);
    }
  }

  /** The name of its C function. */
  public String name() {
    return name;
  }

  /** The section it was compiled into, without a leading question mark. */
  public String section() {
    return section;
  }

  /** Where it attaches. */
  public Hook hook() {
    return hook;
  }

  /** Whether {@link BpfObject#load} will load it. */
  public boolean isAutoload() {
    return (LibBpf.PROGRAM_AUTOLOAD.call(handle()) & 0xff) != 0;
  }

  /**
   * Says whether {@link BpfObject#load} loads it; initially all do but those whose section starts
   * with a question mark.
   *
   * @throws IllegalStateException after the load
   */
  public void setAutoload(boolean autoload) {
    object.requireNotLoaded("choosing program " + name);
    LibBpf.PROGRAM_SET_AUTOLOAD.call(handle(), autoload ? 1 : 0);
  }

  /** True once the kernel has it. */
  public boolean isLoaded() {
    return object.isOpen() && LibBpf.errno(LibBpf.PROGRAM_FD.call(handle)) == 0;
  }

  /**
   * Its file descriptor, owned by the object.
   *
   * @throws BpfException ENOENT if it is not loaded
   */
  public int fd() {
    long result = LibBpf.PROGRAM_FD.call(handle());
    int errno = LibBpf.errno(result);
    if (errno != 0) {
      throw new BpfException("using", "program " + name, errno, "it is not loaded");
    }
    return (int) result;
  }

  long handle() {
    object.requireOpen("using program " + name);
    return handle;
  }

  boolean belongsTo(BpfObject candidate) {
    return object == candidate;
  }

  @Override
  public String toString() {
    return name + " (" + section + ")";
  }
}
