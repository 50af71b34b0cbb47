// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A gadget of the catalog with the scenarios of its folder, in their order. */
record GadgetScenarios(GadgetSpec gadget, List<Scenario> scenarios) {

  /** Every gadget's. */
  static List<GadgetScenarios> all() throws IOException {
    Path gadgets = Path.of(System.getProperty("ig.checkout", "."), "gadgets");
    List<GadgetScenarios> all = new ArrayList<>();
    for (GadgetSpec gadget : catalog().gadgets()) {
      Path file = gadgets.resolve(gadget.name()).resolve("scenario.yaml");
      all.add(new GadgetScenarios(gadget, Scenario.read(file)));
    }
    return all;
  }

  private static Catalog catalog() throws IOException {
    try (InputStream in =
        GadgetScenarios.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(in);
    }
  }
}
