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
   * @throws UsageException if a flag is unknown or without its value, or if there is a word too
   *     many
   */
  public ParsedFlags parse(List<String> args) {
    CommandLine commandLine = new CommandLine(spec());
    commandLine.setExpandAtFiles(false);
    // As in every kubectl: the last one wins, so that scripts can append.
    commandLine.setOverwrittenOptionsAllowed(true);
    Map<String, List<String>> values = new HashMap<>();
    List<String> others = takeAssignedSwitches(args, values);
    try {
      return read(commandLine.parseArgs(others.toArray(new String[0])), values);
    } catch (CommandLine.UnmatchedArgumentException e) {
      throw unmatched(e.getUnmatched().getFirst());
    } catch (CommandLine.MissingParameterException e) {
      throw new UsageException(missingValue(e.getMissing().getFirst()));
    } catch (CommandLine.ParameterException e) {
      throw new UsageException("reading the flags of " + command + ": " + e.getMessage());
    }
  }

  /**
   * Takes {@code --switch=true} and {@code --switch=false} out of the arguments: to picocli a
   * switch has either never a value, or takes the next word for one.
   */
  private List<String> takeAssignedSwitches(List<String> args, Map<String, List<String>> values) {
    List<String> others = new ArrayList<>(args.size());
    for (String arg : args) {
      int equals = arg.startsWith("-") ? arg.indexOf('=') : -1;
      Flag flag = equals < 0 ? null : flagNamed(arg.substring(0, equals));
      if (flag == null || !flag.isSwitch()) {
        others.add(arg);
        continue;
      }
      values.put(flag.name(), List.of(truth(flag, arg.substring(equals + 1))));
    }
    return others;
  }

  /** What a switch is set to, in the forms that a gadget's parameters take as well. */
  private static String truth(Flag flag, String text) {
    return switch (text) {
      case "true", "1" -> "true";
      case "false", "0" -> "false";
      default ->
          throw new UsageException(
              "reading " + flag.name() + ": \"" + text + "\" is neither true nor false");
    };
  }

  private @Nullable Flag flagNamed(String name) {
    for (Flag flag : flags) {
      if (flag.isNamed(name)) {
        return flag;
      }
    }
    return null;
  }

  private CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(command);
    spec.interpolateVariables(false);
    // As in every kubectl: what follows a flag that takes a value is its value, "--sort -bytes"
    // too.
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

  private ParsedFlags read(CommandLine.ParseResult result, Map<String, List<String>> values) {
    for (OptionSpec option : result.matchedOptions()) {
      Flag flag = flagOf(option);
      Object value = option.getValue();
      values.putIfAbsent(
          flag.name(),
          flag.traits().repeatable() ? option.stringValues() : List.of(String.valueOf(value)));
    }
    List<String> words = new ArrayList<>();
    for (PositionalParamSpec positional : result.matchedPositionals()) {
      words.addAll(positional.stringValues());
    }
    return new ParsedFlags(values, words);
  }

  private Flag flagOf(OptionSpec option) {
    String name = option.names()[0];
    Flag flag = flagNamed(name);
    if (flag == null) {
      throw new IllegalStateException("the option " + name + " is none of this command's flags");
    }
    return flag;
  }

  private UsageException unmatched(String argument) {
    if (!argument.startsWith("-") || argument.equals("-")) {
      boolean selects = flagNamed(ContainerFlags.NAME.name()) != null;
      return new UsageException(
          "reading the arguments of "
              + command
              + ": \""
              + argument
              + "\" is one too many"
              + (selects ? "; a container is chosen by -c " + argument : ""));
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
      return "reading "
          + flag.name()
          + ": its value is missing; write "
          + flag.name()
          + " "
          + flag.valueLabel();
    }
    return "reading the arguments of " + command + ": " + wordLabel + " is missing";
  }
}
