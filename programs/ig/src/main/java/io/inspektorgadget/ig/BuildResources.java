// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the build has put beside the classes. */
final class BuildResources {
  private BuildResources() {}

  /**
   * The gadgets that a command line may mean: one if its first two words name it, which is quick to
   * read, else all that were built.
   */
  static Catalog catalog(List<String> arguments) {
    if (arguments.size() >= 2) {
      String part = Catalog.resourceOf(arguments.get(0), arguments.get(1));
      InputStream file = IgMain.class.getClassLoader().getResourceAsStream(part);
      if (file != null) {
        return CatalogJson.read(file);
      }
    }
    return catalog();
  }

  /** The gadgets that were built. */
  private static Catalog catalog() {
    InputStream file = IgMain.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE);
    if (file == null) {
      throw missing(Catalog.RESOURCE);
    }
    return CatalogJson.read(file);
  }

  /** The version that was built. */
  static String version() {
    try (InputStream file = IgMain.class.getResourceAsStream("version.txt")) {
      if (file == null) {
        throw missing("version.txt");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new RunException("reading the version of this build: " + e.getMessage(), "", e);
    }
  }

  private static RunException missing(String name) {
    return new RunException(
        "reading " + name + ": it is not on the class path; this build is not whole, build again");
  }
}
