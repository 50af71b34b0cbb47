// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import java.io.IOException;
import java.util.List;

/** Prints the version. */
final class VersionCommand implements ProgramCommand {
  /** Its word. */
  static final String NAME = "version";

  private final ProgramIdentity identity;

  VersionCommand(ProgramIdentity identity) {
    this.identity = identity;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "print the version";
  }

  @Override
  public List<Flag> flags() {
    return List.of();
  }

  @Override
  public List<String> examples() {
    return List.of("ig version", "ig --version    # the same");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    streams.print(identity.version().get() + "\n");
    return ExitStatus.OK;
  }
}
