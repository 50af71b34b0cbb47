// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/**
 * A program that is attached. Closing it detaches the program; a {@link BpfObject} closes those of
 * its programs that are still open. Any thread may close it.
 */
public final class BpfLink implements AutoCloseable {
  private final BpfObject object;
  private final BpfProgram program;
  private final long handle;
  private boolean open = true;

  BpfLink(BpfObject object, BpfProgram program, long handle) {
    this.object = object;
    this.program = program;
    this.handle = handle;
  }

  /** The program that it attaches. */
  public BpfProgram program() {
    return program;
  }

  /**
   * Its file descriptor: of the BPF link, or of the perf event on kernels without links for those.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized int fd() {
    if (!open) {
      throw new IllegalStateException("using the link of " + program + ": it is closed already");
    }
    return (int) LibBpf.LINK_FD.call(handle);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
      LibBpf.LINK_DESTROY.call(handle);
    }
    object.forget(this);
  }
}
