// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import java.util.List;

/**
 * What a program is called and what it says of itself.
 *
 * @param command how users call it, such as {@code ig} or {@code kubectl gadget}
 * @param executable the file that a shell completes, such as {@code ig}
 * @param summary one sentence
 * @param version its version
 * @param targetFlags the flags that say what a gadget traces; unmodifiable
 */
public record ProgramIdentity(
    String command, String executable, String summary, String version, List<Flag> targetFlags) {

  public ProgramIdentity {
    targetFlags = List.copyOf(targetFlags);
  }
}
