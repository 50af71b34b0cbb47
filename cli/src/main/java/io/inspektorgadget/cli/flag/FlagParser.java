// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Turns arguments into {@link ParsedFlags}. Only the flags of the one command that was chosen are
 * ever given to picocli: building all of them would cost more than the rest of the start.
 */
public final class FlagParser {
  private final String command;
  private final List<Flag> flags;
  private final @Nullable String wordLabel;

  /**
   * A parser of one command.
   *
   * @param command the command as the user types it, for messages, such as {@code ig trace open}
   * @param flags what it knows
   * @param wordLabel what the words beside the flags are, such as {@code GADGET}; null if the
   *     command takes none
   */
  public FlagParser(String command, List<Flag> flags, @Nullable String wordLabel) {
    this.command = command;
    this.flags = List.copyOf(flags);
    this.wordLabel = wordLabel;
  }

  /**
   * Reads the arguments.
   *
   * @throws UsageException if a flag is unknown, given twice or without its value, or if there is a
   *     word too many
   */
  public ParsedFlags parse(List<String> args) {
    CommandLine commandLine = new CommandLine(spec());
    commandLine.setExpandAtFiles(false);
    try {
      return read(commandLine.parseArgs(args.toArray(new String[0])));
    } catch (CommandLine.UnmatchedArgumentException e) {
      throw unmatched(e.getUnmatched().getFirst());
    } catch (CommandLine.MissingParameterException e) {
      throw new UsageException(missingValue(e.getMissing().getFirst()));
    } catch (CommandLine.OverwrittenOptionException e) {
      throw new UsageException("reading the flags: " + nameOf(e.getOverwritten()) + " is there twice; give it once");
    } catch (CommandLine.ParameterException e) {
      ArgSpec wrong = e.getArgSpec();
      if (wrong == null) {
        throw new UsageException("reading the flags of " + command + ": " + e.getMessage());
      }
      throw new UsageException(
          "reading " + nameOf(wrong) + ": \"" + e.getValue() + "\" is neither true nor false");
    }
  }

  private CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(command);
    spec.interpolateVariables(false);
    // As in every kubectl: what follows a flag that takes a value is its value, "--sort -bytes" too.
    spec.parser().allowOptionsAsOptionParameters(true);
    for (Flag flag : flags) {
      spec.addOption(option(flag));
    }
    if (wordLabel != null) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("0..*")
              .build());
    }
    return spec;
  }

  private static OptionSpec option(Flag flag) {
    List<String> names = new ArrayList<>();
    names.add(flag.name());
    if (!flag.letter().isEmpty()) {
      names.add(flag.letter());
    }
    names.addAll(flag.traits().otherNames());
    OptionSpec.Builder option = OptionSpec.builder(names.toArray(new String[0]));
    if (flag.isSwitch()) {
      return option.type(boolean.class).arity("0").build();
    }
    if (flag.traits().repeatable()) {
      return option.type(List.class).auxiliaryTypes(String.class).arity("1").build();
    }
    return option.type(String.class).arity("1").build();
  }

  private ParsedFlags read(CommandLine.ParseResult result) {
    Map<String, List<String>> values = new HashMap<>();
    for (OptionSpec option : result.matchedOptions()) {
      Flag flag = flagOf(option);
      Object value = option.getValue();
      values.put(
          flag.name(), flag.isSwitch() ? List.of(String.valueOf(value)) : option.stringValues());
    }
    List<String> words = new ArrayList<>();
    for (PositionalParamSpec positional : result.matchedPositionals()) {
      words.addAll(positional.stringValues());
    }
    return new ParsedFlags(values, words);
  }

  private Flag flagOf(OptionSpec option) {
    String longName = option.names()[0];
    for (Flag flag : flags) {
      if (flag.isNamed(longName)) {
        return flag;
      }
    }
    throw new IllegalStateException("the option " + longName + " is none of this command's flags");
  }

  private UsageException unmatched(String argument) {
    if (!argument.startsWith("-") || argument.equals("-")) {
      return new UsageException(
          "reading the arguments of " + command + ": \"" + argument + "\" is one too many");
    }
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String nearest = NearestName.of(name, knownNames());
    return new UsageException(
        "reading the flags of "
            + command
            + ": no flag "
            + name
            + (nearest == null ? "; " : "; did you mean " + nearest + "? ")
            + command
            + " --help lists them");
  }

  private List<String> knownNames() {
    List<String> names = new ArrayList<>();
    for (Flag flag : flags) {
      names.add(flag.name());
    }
    return names;
  }

  private String missingValue(ArgSpec missing) {
    if (missing instanceof OptionSpec option) {
      Flag flag = flagOf(option);
      return "reading " + flag.name() + ": its value is missing; write " + flag.name() + " "
          + flag.valueLabel();
    }
    return "reading the arguments of " + command + ": " + wordLabel + " is missing";
  }

  private static String nameOf(ArgSpec spec) {
    return spec instanceof OptionSpec option ? option.names()[0] : spec.paramLabel();
  }
}
