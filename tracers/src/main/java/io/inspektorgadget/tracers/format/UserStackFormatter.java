// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;

/**
 * The frames of a process's stack, innermost first, each with its number: as addresses or as the
 * functions they lie in ({@code [0]read; [1]main; }). An address whose function is not known is
 * shown with its file, else in hexadecimal.
 */
final class UserStackFormatter implements FieldFormatter {
  private final int stackId;
  private final StackOwner owner;
  private final StackTraceMap stacks;
  private final FrameText frameText;

  /** How one frame is shown. */
  interface FrameText {
    /**
     * Appends the frame.
     *
     * @param pid the process's id in the host's {@code /proc}; 0 if it has none there
     * @param address a code address in the process
     * @param isReturn true if execution goes on there after a call, which lies before it
     */
    void write(long pid, long address, boolean isReturn, TextBuffer out);
  }

  /**
   * A formatter of user stacks.
   *
   * @param stackId index of the field with the stack's number
   * @param owner whose stack it is
   */
  UserStackFormatter(int stackId, StackOwner owner, StackTraceMap stacks, FrameText frameText) {
    this.stackId = stackId;
    this.owner = owner;
    this.stacks = stacks;
    this.frameText = frameText;
  }

  /** Shows a frame as its address, in sixteen hexadecimal digits. */
  static void writeAddress(long pid, long address, boolean isReturn, TextBuffer out) {
    out.appendAscii("0x");
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      out.appendHex(address >>> shift & 0xf);
    }
  }

  @Override
  public boolean isPresent(RecordView view) {
    return owner.hasStack(view);
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    if (!isPresent(view)) {
      return;
    }
    long pid = owner.onHost(view);
    int depth = stacks.read(view.longAt(stackId));
    for (int frame = 0; frame < depth; frame++) {
      out.append('[').appendDecimal(frame).append(']');
      frameText.write(pid, stacks.address(frame), frame > 0, out);
      out.appendAscii("; ");
    }
  }
}
