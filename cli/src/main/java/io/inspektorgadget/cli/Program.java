// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.completion.CompletionAnswer;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagParser;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.help.CatalogHelp;
import io.inspektorgadget.cli.help.HelpPage;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A program with gadgets: {@code PROGRAM CATEGORY GADGET}, {@code PROGRAM run GADGET}, and commands
 * of its own. Builds only the one command that is asked for, and asks for the catalog only if that
 * command needs it. Single thread.
 */
public final class Program {
  private static final List<String> HELP_WORDS = List.of("help", "--help", "-h");

  private final ProgramIdentity identity;
  private final Supplier<Catalog> catalogSource;
  private final GadgetRuns runs;
  private final List<ProgramCommand> commands;
  private final CompletionCommand completion;

  /**
   * A program.
   *
   * @param identity what it is called
   * @param catalogSource reads the catalog; called at most once
   * @param runs runs gadgets
   * @param commands its commands that are no gadgets, in the order of the help; a {@code version}
   *     of its own takes the place of the usual one
   */
  public Program(
      ProgramIdentity identity,
      Supplier<Catalog> catalogSource,
      GadgetRuns runs,
      List<ProgramCommand> commands) {
    this.identity = identity;
    this.catalogSource = new CatalogOnce(catalogSource);
    this.runs = runs;
    List<ProgramCommand> all = new ArrayList<>(commands);
    all.add(new ListGadgetsCommand(this.catalogSource));
    this.completion = new CompletionCommand(identity, this.catalogSource, all);
    all.add(completion);
    if (commands.stream().noneMatch(command -> command.name().equals(VersionCommand.NAME))) {
      all.add(new VersionCommand(identity));
    }
    this.commands = List.copyOf(all);
  }

  /**
   * Does what the arguments say. Errors are printed, as one line on standard error.
   *
   * @return the exit status
   */
  public int run(List<String> args, Streams streams) {
    boolean verbose = args.contains("-v") || args.contains("--verbose");
    return new Failures(identity.command(), streams.err(), verbose)
        .reporting(() -> dispatch(args, streams));
  }

  private int dispatch(List<String> args, Streams streams) throws IOException {
    int start = 0;
    while (start < args.size() && StandardFlags.VERBOSE.isNamed(args.get(start))) {
      start++;
    }
    if (start > 0 && start < args.size()) {
      // "ig -v trace open": to the gadget's command it is the same as a flag behind the words.
      List<String> moved = new ArrayList<>(args.subList(start, args.size()));
      moved.add(args.getFirst());
      return dispatch(moved, streams);
    }
    if (start == args.size() || HELP_WORDS.contains(args.get(start))) {
      return help(args.subList(Math.min(start + 1, args.size()), args.size()), streams);
    }
    String first = args.getFirst();
    List<String> rest = args.subList(1, args.size());
    if (first.equals("--version")) {
      return new VersionCommand(identity).run(noFlags(), streams);
    }
    if (first.equals("run")) {
      return runGadget(rest, streams);
    }
    if (first.equals(CompletionAnswer.COMMAND)) {
      streams.print(new CompletionAnswer(completion.nodes(), this::containerNames).text(rest));
      return ExitStatus.OK;
    }
    for (ProgramCommand command : commands) {
      if (command.name().equals(first)) {
        return runCommand(command, rest, streams);
      }
    }
    return runCategory(first, rest, streams);
  }

  /** What the program itself lists; none if it cannot. */
  private List<String> containerNames() {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    Streams quiet =
        new Streams(
            new StandardOutput(names, false),
            new StandardError(OutputStream.nullOutputStream()),
            new Terminal(false, Map.of(), () -> 0));
    int status = run(List.of("list-containers", "-o", "names"), quiet);
    return status == ExitStatus.OK
        ? names.toString(StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  private int runCategory(String category, List<String> rest, Streams streams) throws IOException {
    if (category.startsWith("-")) {
      throw new UsageException(
          "reading the command: it begins with the flag "
              + category
              + "; write the command first, "
              + identity.command()
              + " --help lists them");
    }
    CommandNames names = new CommandNames(identity.command(), catalogSource.get());
    if (!names.isCategory(category)) {
      throw names.unknownCommand(category, commands);
    }
    if (rest.isEmpty() || HELP_WORDS.contains(rest.getFirst())) {
      streams.print(categoryHelp(category, streams));
      return ExitStatus.OK;
    }
    GadgetSpec gadget = names.gadget(category, rest.getFirst());
    String words = category + " " + rest.getFirst();
    return start(new GadgetCommand(identity, words, gadget), rest.subList(1, rest.size()), streams);
  }

  private int runGadget(List<String> rest, Streams streams) throws IOException {
    CommandNames names = new CommandNames(identity.command(), catalogSource.get());
    RunTarget target = RunTarget.of(rest, names, identity.targetFlags());
    if (target == null) {
      if (rest.isEmpty() || rest.contains("--help") || rest.contains("-h")) {
        streams.print(help().run(streams.terminal()));
        return ExitStatus.OK;
      }
      throw new UsageException(
          "reading the command: the gadget is missing; write "
              + identity.command()
              + (runs.launcher().readsFiles() ? " run NAME, DIRECTORY or FILE.o" : " run NAME"));
    }
    GadgetSpec gadget = names.find(target.name());
    if (gadget == null && !target.isFile()) {
      throw names.unknownGadget(target.name());
    }
    GadgetSpec spec = gadget == null ? runs.launcher().read(target.name()) : gadget;
    return start(new GadgetCommand(identity, "run " + target.name(), spec), target.args(), streams);
  }

  private int start(GadgetCommand command, List<String> args, Streams streams) throws IOException {
    ParsedFlags parsed = command.parse(args);
    if (parsed.isOn(StandardFlags.HELP)) {
      HelpPage page = new HelpPage(streams.terminal());
      command.writeHelp(page);
      streams.print(page.toString());
      return ExitStatus.OK;
    }
    return runs.run(command.invocation(parsed), streams);
  }

  private int runCommand(ProgramCommand command, List<String> args, Streams streams)
      throws IOException {
    List<Flag> flags = new ArrayList<>(command.flags());
    flags.addAll(StandardFlags.general());
    String words = identity.command() + " " + command.name();
    ParsedFlags parsed = new FlagParser(words, flags, command.wordLabel()).parse(args);
    if (parsed.isOn(StandardFlags.HELP)) {
      streams.print(ProgramHelp.command(words, command, flags, streams.terminal()));
      return ExitStatus.OK;
    }
    return command.run(parsed, streams);
  }

  private int help(List<String> words, Streams streams) throws IOException {
    if (words.isEmpty() || words.getFirst().startsWith("-")) {
      streams.print(help().root(streams.terminal()));
      return ExitStatus.OK;
    }
    List<String> asked = new ArrayList<>(words);
    asked.add(StandardFlags.HELP.name());
    return dispatch(asked, streams);
  }

  private ProgramHelp help() {
    return new ProgramHelp(identity, catalogSource.get(), commands, runs.launcher().readsFiles());
  }

  private String categoryHelp(String category, Streams streams) {
    HelpPage page = new HelpPage(streams.terminal());
    CatalogHelp.writeCategory(
        page,
        identity.command() + " " + category,
        CatalogHelp.gadgetsOf(catalogSource.get(), category));
    return page.toString();
  }

  private static ParsedFlags noFlags() {
    return new ParsedFlags(Map.of(), List.of());
  }
}
