// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagParser;
import io.inspektorgadget.cli.flag.GadgetFlags;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.help.GadgetHelp;
import io.inspektorgadget.cli.help.HelpPage;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.OutputOptions;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import java.util.ArrayList;
import java.util.List;

/** The command of one gadget: its flags, its help, and what a command line of it means. */
final class GadgetCommand {
  private final ProgramIdentity program;
  private final String words;
  private final GadgetSpec gadget;
  private final GadgetFlags gadgetFlags;
  private final List<Flag> flags;

  /**
   * The command of a gadget.
   *
   * @param words what stands behind the program's name, such as {@code trace open}
   */
  GadgetCommand(ProgramIdentity program, String words, GadgetSpec gadget) {
    this.program = program;
    this.words = words;
    this.gadget = gadget;
    List<Flag> ownFlags = new ArrayList<>(program.targetFlags());
    ownFlags.addAll(StandardFlags.output());
    ownFlags.addAll(StandardFlags.run());
    ownFlags.addAll(StandardFlags.general());
    this.gadgetFlags = new GadgetFlags(gadget, ownFlags);
    this.flags = new ArrayList<>(gadgetFlags.flags());
    this.flags.addAll(ownFlags);
  }

  /** All its flags. */
  List<Flag> flags() {
    return flags;
  }

  /** Understands its arguments. */
  ParsedFlags parse(List<String> args) {
    return new FlagParser(program.command() + " " + words, flags, null).parse(args);
  }

  /** What the flags ask for. */
  GadgetInvocation invocation(ParsedFlags parsed) {
    RunRequest request =
        new RunRequest(
            gadget,
            gadgetFlags.parameters(parsed),
            ContainerFlags.selector(parsed),
            StandardFlags.limits(parsed));
    return new GadgetInvocation(
        program.command() + " " + words,
        request,
        parsed,
        OutputOptions.of(parsed),
        parsed.isOn(StandardFlags.VERBOSE));
  }

  /** Writes its help. */
  void writeHelp(HelpPage page) {
    new GadgetHelp(program.command(), words, gadget).write(page, flags);
  }
}
