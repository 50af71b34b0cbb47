// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a program is called and what it says of itself.
 *
 * @param command how users call it, such as {@code ig} or {@code kubectl gadget}
 * @param executable the file that a shell completes, such as {@code ig}
 * @param summary one sentence
 * @param version reads its version
 * @param targetFlags the flags that say what a gadget traces; unmodifiable
 */
public record ProgramIdentity(
    String command,
    String executable,
    String summary,
    Supplier<String> version,
    List<Flag> targetFlags) {

  public ProgramIdentity {
    targetFlags = List.copyOf(targetFlags);
  }
}
