// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;

/**
 * The functions of a process's stack, innermost first, each followed by {@code ; }. An address
 * whose function is not known is shown with its file, else in hexadecimal.
 */
final class UserStackFormatter implements FieldFormatter {
  private final int stackId;
  private final int processId;
  private final StackTraceMap stacks;
  private final ProcessSymbols symbols;

  /**
   * A formatter of user stacks.
   *
   * @param stackId index of the field with the stack's number
   * @param processId index of the field with the process's id in the initial PID namespace
   */
  UserStackFormatter(int stackId, int processId, StackTraceMap stacks, ProcessSymbols symbols) {
    this.stackId = stackId;
    this.processId = processId;
    this.stacks = stacks;
    this.symbols = symbols;
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    long pid = view.longAt(processId);
    if (pid == 0) {
      return;
    }
    int depth = stacks.read(view.longAt(stackId));
    for (int frame = 0; frame < depth; frame++) {
      // A return address lies behind its call, which may be the last instruction of the function.
      long address = stacks.address(frame) - (frame == 0 ? 0 : 1);
      symbols.write(pid, address, out);
      out.appendAscii("; ");
    }
  }
}
