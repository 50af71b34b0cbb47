// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.help.CatalogHelp;
import io.inspektorgadget.cli.help.GadgetHelp;
import io.inspektorgadget.cli.help.HelpPage;
import io.inspektorgadget.cli.help.HelpPage.Entry;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.util.ArrayList;
import java.util.List;

/** The help of the program itself and of its commands that are no gadgets. */
final class ProgramHelp {
  private final ProgramIdentity identity;
  private final Catalog catalog;
  private final List<ProgramCommand> commands;
  private final boolean readsFiles;

  /**
   * The help of a program.
   *
   * @param readsFiles true if it runs gadgets that are not in the catalog
   */
  ProgramHelp(
      ProgramIdentity identity,
      Catalog catalog,
      List<ProgramCommand> commands,
      boolean readsFiles) {
    this.readsFiles = readsFiles;
    this.identity = identity;
    this.catalog = catalog;
    this.commands = commands;
  }

  /** The help of the program. */
  String root(Terminal terminal) {
    HelpPage page = new HelpPage(terminal);
    String name = identity.command();
    page.paragraph(identity.summary());
    page.heading("Usage")
        .line(name + " CATEGORY GADGET [flags]")
        .line(name + " run " + runnable() + " [flags]")
        .line(name + " COMMAND [flags]");
    for (String category : catalog.categories()) {
      List<Entry> gadgets = new ArrayList<>();
      for (GadgetSpec gadget : CatalogHelp.gadgetsOf(catalog, category)) {
        gadgets.add(new Entry(category + " " + gadget.commandName(), gadget.description()));
      }
      page.heading(
          category.isEmpty()
              ? "Further gadgets"
              : category + " - " + CatalogHelp.summary(category));
      page.list(gadgets);
    }
    List<Entry> others = new ArrayList<>();
    others.add(new Entry("run", runSummary()));
    for (ProgramCommand command : commands) {
      others.add(new Entry(command.name(), command.summary()));
    }
    others.add(new Entry("help", "print the help of a command"));
    page.heading("Commands").list(others);
    page.flags(StandardFlags.general());
    page.paragraph(name + " CATEGORY GADGET --help says more about a gadget.");
    return page.toString();
  }

  private String runnable() {
    return readsFiles ? "GADGET|DIRECTORY|FILE.o" : "GADGET";
  }

  private String runSummary() {
    return readsFiles
        ? "run a gadget of the catalog, of a directory or of a file"
        : "run a gadget by its name in the catalog";
  }

  /** The help of {@code run} without a gadget. */
  String run(Terminal terminal) {
    String name = identity.command();
    HelpPage page = new HelpPage(terminal);
    page.paragraph(CatalogHelp.firstUpper(runSummary()) + ".");
    page.heading("Usage").line(name + " run " + runnable() + " [flags]");
    page.heading("Examples");
    if (readsFiles) {
      page.line(
              name
                  + " run trace_open --host     # a gadget of the catalog ("
                  + name
                  + " list-gadgets)")
          .line(name + " run ./my_gadget           # my_gadget/program.bpf.c, compiled when needed")
          .line(
              name
                  + " run ./my_gadget.bpf.o     # a compiled program, with gadget.yaml or without");
    } else {
      page.line(name + " run trace_open            # " + name + " list-gadgets prints the names");
    }
    List<Flag> flags = new ArrayList<>(identity.targetFlags());
    flags.addAll(StandardFlags.output());
    flags.addAll(StandardFlags.run());
    flags.addAll(StandardFlags.general());
    page.flags(flags);
    page.paragraph(name + " run GADGET --help adds the gadget's own flags and fields.");
    return page.toString();
  }

  /** The help of a command that is no gadget. */
  static String command(String words, ProgramCommand command, List<Flag> flags, Terminal terminal) {
    HelpPage page = new HelpPage(terminal);
    String summary = command.summary();
    page.paragraph(Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".");
    String label = command.wordLabel();
    page.heading("Usage").line(words + (label == null ? "" : " " + label) + " [flags]");
    if (!command.examples().isEmpty()) {
      page.heading("Examples");
      String program = words.substring(0, words.length() - command.name().length() - 1);
      for (String example : command.examples()) {
        page.line(GadgetHelp.ofProgram(program, example));
      }
    }
    page.flags(flags);
    return page.toString();
  }
}
