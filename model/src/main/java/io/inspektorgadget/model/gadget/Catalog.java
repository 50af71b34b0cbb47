// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The gadgets that a build knows. Immutable. */
public record Catalog(List<GadgetSpec> gadgets) {

  /** Path of the catalog of this build on the class path. */
  public static final String RESOURCE = "gadgets/catalog.json";

  /**
   * Path of a part of it on the class path: the one gadget that a command runs. A start reads this
   * instead of the whole.
   */
  public static String resourceOf(String category, String commandName) {
    return "gadgets/commands/" + category + "-" + commandName + ".json";
  }

  public Catalog {
    gadgets = List.copyOf(gadgets);
  }

  /** The gadget with that name or one of its further names, or null. */
  public @Nullable GadgetSpec find(String name) {
    for (GadgetSpec gadget : gadgets) {
      if (gadget.name().equals(name) || gadget.names().contains(name)) {
        return gadget;
      }
    }
    return null;
  }

  /** The categories in alphabetical order. */
  public List<String> categories() {
    TreeSet<String> categories = new TreeSet<>();
    for (GadgetSpec gadget : gadgets) {
      categories.add(gadget.category());
    }
    return List.copyOf(categories);
  }
}
