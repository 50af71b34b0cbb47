// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.terminal.Streams;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that is no gadget, such as {@code version} or {@code list-containers}. */
public interface ProgramCommand {

  /** Its word. */
  String name();

  /** What it does, as the end of a sentence that begins with its name; for lists and its help. */
  String summary();

  /** Its flags beside the general ones; unmodifiable. */
  List<Flag> flags();

  /** What its words beside the flags are, such as {@code SHELL}; null if it takes none. */
  default @Nullable String wordLabel() {
    return null;
  }

  /** The words that it understands, for completion; empty if they are free. */
  default List<String> words() {
    return List.of();
  }

  /** Lines that show its use, the program called {@code ig} in them; may be empty. */
  default List<String> examples() {
    return List.of();
  }

  /**
   * Does it.
   *
   * @return the exit status
   * @throws IOException if standard output cannot be written
   */
  int run(ParsedFlags flags, Streams streams) throws IOException;
}
