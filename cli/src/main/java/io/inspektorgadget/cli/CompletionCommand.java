// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.completion.BashCompletion;
import io.inspektorgadget.cli.completion.CompletionNode;
import io.inspektorgadget.cli.completion.CompletionNode.EventValues;
import io.inspektorgadget.cli.completion.CompletionNode.Word;
import io.inspektorgadget.cli.completion.FishCompletion;
import io.inspektorgadget.cli.completion.ZshCompletion;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.help.CatalogHelp;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.text.NearestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Prints the completion script of a shell. */
final class CompletionCommand implements ProgramCommand {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private final ProgramIdentity identity;
  private final Supplier<Catalog> catalog;
  private final List<ProgramCommand> commands;

  /**
   * The completion of a program.
   *
   * @param commands its commands that are no gadgets; read when the script is made
   */
  CompletionCommand(
      ProgramIdentity identity, Supplier<Catalog> catalog, List<ProgramCommand> commands) {
    this.identity = identity;
    this.catalog = catalog;
    this.commands = commands;
  }

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "print a script that completes commands, flags and fields in a shell";
  }

  @Override
  public List<Flag> flags() {
    return List.of();
  }

  @Override
  public String wordLabel() {
    return "bash|zsh|fish";
  }

  @Override
  public List<String> words() {
    return SHELLS;
  }

  @Override
  public List<String> examples() {
    String command = identity.command() + " " + name();
    return List.of(
        "source <(" + command + " bash)           # in ~/.bashrc",
        "source <(" + command + " zsh)            # in ~/.zshrc",
        command + " fish | source            # in ~/.config/fish/config.fish");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    String shell = flags.words().isEmpty() ? "" : flags.words().getFirst();
    List<CompletionNode> nodes = nodes();
    String script =
        switch (shell) {
          case "bash" -> new BashCompletion(identity.executable(), nodes).script();
          case "zsh" -> new ZshCompletion(identity.executable(), nodes).script();
          case "fish" -> new FishCompletion(identity.executable(), nodes).script();
          default ->
              throw new UsageException(
                  shell.isEmpty()
                      ? "printing a completion script: the shell is missing; write bash, zsh or fish"
                      : "printing a completion script: no shell \""
                          + shell
                          + "\" is known"
                          + NearestName.suggestion(shell, SHELLS)
                          + " (bash, zsh and fish are)");
        };
    streams.print(script);
    return ExitStatus.OK;
  }

  /** What may follow which words. */
  List<CompletionNode> nodes() {
    List<CompletionNode> nodes = new ArrayList<>();
    nodes.add(root());
    List<Word> runnable = new ArrayList<>();
    for (String category : catalog.get().categories()) {
      List<Word> words = new ArrayList<>();
      for (GadgetSpec gadget : CatalogHelp.gadgetsOf(catalog.get(), category)) {
        words.add(new Word(gadget.commandName(), gadget.description()));
        runnable.add(new Word(gadget.name(), gadget.description()));
        nodes.add(gadgetNode(gadget));
      }
      nodes.add(new CompletionNode(List.of(category), words, help(), EventValues.NONE));
    }
    nodes.add(new CompletionNode(List.of("run"), runnable, runFlags(), EventValues.NONE));
    for (ProgramCommand command : commands) {
      List<Flag> flags = new ArrayList<>(command.flags());
      flags.addAll(StandardFlags.general());
      List<Word> words = new ArrayList<>();
      for (String word : command.words()) {
        words.add(new Word(word, ""));
      }
      nodes.add(new CompletionNode(List.of(command.name()), words, flags, EventValues.NONE));
    }
    return nodes;
  }

  private CompletionNode root() {
    List<Word> words = new ArrayList<>();
    for (String category : catalog.get().categories()) {
      words.add(new Word(category, CatalogHelp.summary(category)));
    }
    words.add(new Word("run", "run a gadget of the catalog, of a directory or of a file"));
    for (ProgramCommand command : commands) {
      words.add(new Word(command.name(), command.summary()));
    }
    words.add(new Word("help", "print the help of a command"));
    return new CompletionNode(List.of(""), words, StandardFlags.general(), EventValues.NONE);
  }

  private CompletionNode gadgetNode(GadgetSpec gadget) {
    String words = gadget.category() + " " + gadget.commandName();
    Set<String> paths = new LinkedHashSet<>();
    paths.add(words);
    paths.add("run " + gadget.name());
    for (String name : gadget.names()) {
      paths.add(gadget.category() + " " + name);
      paths.add("run " + name);
    }
    return new CompletionNode(
        List.copyOf(paths),
        List.of(),
        new GadgetCommand(identity, words, gadget).flags(),
        eventValues(gadget));
  }

  private static EventValues eventValues(GadgetSpec gadget) {
    Set<String> fields = new LinkedHashSet<>();
    Set<String> filters = new LinkedHashSet<>();
    Set<String> modes = new LinkedHashSet<>();
    for (SourceSpec spec : gadget.sources()) {
      DataSource source = spec.source();
      fields.addAll(FieldNames.all(source.schema()));
      for (FieldSpec field : source.schema().fields()) {
        String begin = FieldNames.columnName(field) + "==";
        List<String> values = field.possibleValues();
        if (values.isEmpty()) {
          filters.add(begin);
        }
        values.forEach(value -> filters.add(begin + value));
      }
      modes.addAll(
          OutputMode.areSaidBy(source) ? OutputMode.namesFor(source) : EventValues.NONE.modes());
    }
    return new EventValues(List.copyOf(fields), List.copyOf(filters), List.copyOf(modes));
  }

  private List<Flag> runFlags() {
    List<Flag> flags = new ArrayList<>(identity.targetFlags());
    flags.addAll(StandardFlags.output());
    flags.addAll(StandardFlags.run());
    flags.addAll(StandardFlags.general());
    return flags;
  }

  private static List<Flag> help() {
    return List.of(StandardFlags.HELP);
  }
}
