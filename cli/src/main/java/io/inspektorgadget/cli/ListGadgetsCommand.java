// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.help.CatalogHelp;
import io.inspektorgadget.cli.help.HelpPage;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.columns.json.JsonText;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Lists the gadgets of the catalog: command, name and description. */
final class ListGadgetsCommand implements ProgramCommand {
  private static final Flag OUTPUT =
      Flag.ofValue(FlagGroup.OUTPUT, "--output", "MODE", "columns, json, or names (one a line)")
          .withLetter("-o")
          .withValues(List.of("columns", "json", "names"));

  private final Supplier<Catalog> catalog;

  ListGadgetsCommand(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  @Override
  public String name() {
    return "list-gadgets";
  }

  @Override
  public String summary() {
    return "list the gadgets of the catalog";
  }

  @Override
  public List<Flag> flags() {
    return List.of(OUTPUT);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "ig list-gadgets             # commands, names, what they show",
        "ig list-gadgets -o names    # one name a line, for scripts",
        "ig list-gadgets -o json     # one array of objects");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    String mode = flags.text(OUTPUT);
    switch (mode) {
      case "", "columns" -> streams.print(table(streams));
      case "names" -> streams.print(names());
      case "json" -> streams.print(json());
      default ->
          throw new UsageException(
              "reading --output: no mode \"" + mode + "\" here; write columns, json or names");
    }
    return ExitStatus.OK;
  }

  private String table(Streams streams) {
    List<HelpPage.Entry> rows = new ArrayList<>();
    int width = 0;
    for (GadgetSpec gadget : sorted()) {
      width = Math.max(width, command(gadget).length());
    }
    for (GadgetSpec gadget : sorted()) {
      String command = command(gadget);
      String padding = " ".repeat(width - command.length() + 2);
      rows.add(new HelpPage.Entry(command + padding + gadget.name(), gadget.description()));
    }
    return new HelpPage(streams.terminal()).list(rows).toString();
  }

  private static String command(GadgetSpec gadget) {
    return gadget.category() + " " + gadget.commandName();
  }

  private String names() {
    StringBuilder text = new StringBuilder();
    for (GadgetSpec gadget : sorted()) {
      text.append(gadget.name()).append('\n');
    }
    return text.toString();
  }

  private String json() {
    StringBuilder text = new StringBuilder("[");
    for (GadgetSpec gadget : sorted()) {
      text.append(text.length() == 1 ? "" : ",");
      text.append("{\"command\":").append(quoted(command(gadget)));
      text.append(",\"description\":").append(quoted(gadget.description()));
      text.append(",\"name\":").append(quoted(gadget.name())).append('}');
    }
    return text.append("]\n").toString();
  }

  private static String quoted(String text) {
    return new String(JsonText.quoted(text), StandardCharsets.UTF_8);
  }

  private List<GadgetSpec> sorted() {
    List<GadgetSpec> gadgets = new ArrayList<>();
    for (String category : catalog.get().categories()) {
      gadgets.addAll(CatalogHelp.gadgetsOf(catalog.get(), category));
    }
    return gadgets;
  }
}
