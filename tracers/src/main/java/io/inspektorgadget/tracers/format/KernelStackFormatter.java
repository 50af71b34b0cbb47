// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.symbols.Kallsyms;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a kernel stack, innermost first, each followed by {@code ; }. Names come from
 * /proc/kallsyms, read once when the first stack is shown; addresses without a name are shown in
 * hexadecimal.
 */
final class KernelStackFormatter implements FieldFormatter {
  private final int source;
  private final StackTraceMap stacks;
  private final Path kallsymsPath;
  private @Nullable Kallsyms kallsyms;

  KernelStackFormatter(int source, StackTraceMap stacks, Path kallsymsPath) {
    this.source = source;
    this.stacks = stacks;
    this.kallsymsPath = kallsymsPath;
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    int depth = stacks.read(view.longAt(source));
    for (int frame = 0; frame < depth; frame++) {
      long address = stacks.address(frame);
      String name = symbols().nameOf(address);
      if (name == null) {
        out.appendAscii("0x").appendHex(address);
      } else {
        out.appendUtf8(name);
      }
      out.appendAscii("; ");
    }
  }

  private Kallsyms symbols() {
    Kallsyms read = kallsyms;
    if (read == null) {
      try {
        read = Kallsyms.read(kallsymsPath);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "reading kernel symbols from " + kallsymsPath + ": " + e.getMessage(), e);
      }
      kallsyms = read;
    }
    return read;
  }
}
