// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.util.List;

/** Prints one line for each thing that {@code ig} needs, its state and the fix. */
final class DoctorCommand implements ProgramCommand {
  private static final int NAME_WIDTH = 22;

  private final HostFilesystem host;

  DoctorCommand(HostFilesystem host) {
    this.host = host;
  }

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "check what is needed here, and say how to get what is missing";
  }

  @Override
  public List<Flag> flags() {
    return List.of();
  }

  @Override
  public List<String> examples() {
    return List.of(
        "ig doctor                    # with sudo, all of it",
        "ig doctor | grep -v ^ok      # only what is missing here");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    boolean isWell = true;
    StringBuilder text = new StringBuilder();
    for (Requirement requirement : new HostRequirements(host).check()) {
      text.append(line(requirement, streams.terminal())).append('\n');
      isWell &= !requirement.isFatal();
    }
    streams.print(text.toString());
    return isWell ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private static String line(Requirement requirement, Terminal terminal) {
    String state =
        switch (requirement.state()) {
          case OK -> terminal.green("ok      ");
          case MISSING -> requirement.isOptional() ? "absent  " : terminal.red("MISSING ");
          case UNKNOWN -> "unknown ";
        };
    String padding = " ".repeat(Math.max(1, NAME_WIDTH - requirement.name().length()));
    String fix = requirement.fix().isEmpty() ? "" : "; " + requirement.fix();
    return state + requirement.name() + padding + requirement.detail() + fix;
  }
}
