// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.help.CatalogHelp;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the gadget that a user means by the words of a command. */
final class CommandNames {
  private final String program;
  private final Catalog catalog;

  CommandNames(String program, Catalog catalog) {
    this.program = program;
    this.catalog = catalog;
  }

  /** True if the catalog has gadgets of that category. */
  boolean isCategory(String word) {
    for (GadgetSpec gadget : catalog.gadgets()) {
      if (gadget.category().equals(word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The gadget of that category and name.
   *
   * @throws UsageException if there is none
   */
  GadgetSpec gadget(String category, String word) {
    List<String> known = new ArrayList<>();
    for (GadgetSpec gadget : CatalogHelp.gadgetsOf(catalog, category)) {
      if (gadget.commandName().equals(word) || isNamed(gadget, word)) {
        return gadget;
      }
      known.add(gadget.commandName());
    }
    throw new UsageException(
        "reading the command: no gadget \""
            + word
            + "\" in "
            + category
            + hint(NearestName.of(word, known), program + " " + category + " --help"));
  }

  /** The gadget of any category with that name, or null. */
  @Nullable GadgetSpec find(String name) {
    for (GadgetSpec gadget : catalog.gadgets()) {
      if (isNamed(gadget, name)) {
        return gadget;
      }
    }
    return null;
  }

  /**
   * The error for a name that {@code run} was given.
   *
   * @param name what is neither in the catalog nor a file
   */
  UsageException unknownGadget(String name) {
    List<String> known = new ArrayList<>();
    for (GadgetSpec gadget : catalog.gadgets()) {
      known.add(gadget.name());
      known.addAll(gadget.names());
    }
    return new UsageException(
        "running "
            + name
            + ": neither a gadget of the catalog nor a file or directory"
            + hint(NearestName.of(name, known), program + " list-gadgets"));
  }

  /** The error for a first word that is no command. */
  UsageException unknownCommand(String word, List<ProgramCommand> commands) {
    List<String> known = new ArrayList<>(catalog.categories());
    known.add("run");
    for (ProgramCommand command : commands) {
      known.add(command.name());
    }
    String nearest = NearestName.of(word, known);
    GadgetSpec meant = find(word);
    if (meant != null) {
      nearest = meant.category() + " " + meant.commandName();
    }
    return new UsageException(
        "reading the command: no command \"" + word + "\"" + hint(nearest, program + " --help"));
  }

  private static String hint(@Nullable String nearest, String list) {
    return (nearest == null ? "; " : "; did you mean " + nearest + "? ") + list + " lists them";
  }

  private static boolean isNamed(GadgetSpec gadget, String word) {
    return gadget.name().equals(word) || gadget.names().contains(word);
  }
}
