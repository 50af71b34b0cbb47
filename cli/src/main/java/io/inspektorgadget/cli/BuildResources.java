// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the build has put beside the classes of a program. Immutable. */
public final class BuildResources {
  private final Class<?> main;

  /**
   * Those of a program.
   *
   * @param main its main class, beside which its version lies
   */
  public BuildResources(Class<?> main) {
    this.main = main;
  }

  /**
   * The gadgets that a command line may mean: one if its first two words name it, which is quick to
   * read, else all that were built.
   */
  public Catalog catalog(List<String> arguments) {
    if (arguments.size() >= 2) {
      String part = Catalog.resourceOf(arguments.get(0), arguments.get(1));
      InputStream file = main.getClassLoader().getResourceAsStream(part);
      if (file != null) {
        return CatalogJson.read(file);
      }
    }
    return catalog();
  }

  /** The gadgets that were built. */
  public Catalog catalog() {
    InputStream file = main.getClassLoader().getResourceAsStream(Catalog.RESOURCE);
    if (file == null) {
      throw missing(Catalog.RESOURCE);
    }
    return CatalogJson.read(file);
  }

  /** The version that was built. */
  public String version() {
    try (InputStream file = main.getResourceAsStream("version.txt")) {
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
