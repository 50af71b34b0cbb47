// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.help;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.util.ArrayList;
import java.util.List;

/** Lists of what the catalog holds. */
public final class CatalogHelp {
  private CatalogHelp() {}

  /** What a category is about. */
  public static String summary(String category) {
    return switch (category) {
      case "trace" -> "print events as they happen";
      case "top" -> "print the most active, again and again";
      case "snapshot" -> "print what is there now, once";
      case "profile" -> "measure for a while, then print the distribution";
      case "audit" -> "print what a security rule has seen";
      case "advise" -> "watch for a while, then recommend";
      default -> "further gadgets";
    };
  }

  /** The gadgets of a category, in alphabetical order of their commands. */
  public static List<GadgetSpec> gadgetsOf(Catalog catalog, String category) {
    List<GadgetSpec> gadgets = new ArrayList<>();
    for (GadgetSpec gadget : catalog.gadgets()) {
      if (gadget.category().equals(category)) {
        gadgets.add(gadget);
      }
    }
    gadgets.sort((one, other) -> one.commandName().compareTo(other.commandName()));
    return gadgets;
  }

  /** The help of a category. */
  public static void writeCategory(HelpPage page, String command, List<GadgetSpec> gadgets) {
    String category = command.substring(command.lastIndexOf(' ') + 1);
    page.paragraph(firstUpper(summary(category)) + ".");
    page.heading("Usage").line(command + " GADGET [flags]");
    List<HelpPage.Entry> entries = new ArrayList<>();
    for (GadgetSpec gadget : gadgets) {
      entries.add(new HelpPage.Entry(gadget.commandName(), gadget.description()));
    }
    page.heading("Gadgets").list(entries);
    page.paragraph(command + " GADGET --help says more about one of them.");
  }

  /** The text with a capital at its beginning. */
  public static String firstUpper(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
