// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.tracers.schema.GadgetReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The build's step from compiled programs to the catalog: every folder {@code CATEGORY_NAME} is
 * read, its object copied, and what was read written to {@code gadgets/catalog.json}. The headers
 * go along, for gadgets that are compiled at run time.
 */
public final class CatalogBuild {
  /** Folder of the objects, the catalog and the headers on the class path. */
  static final String FOLDER = "gadgets";

  /** Folder of the headers in it, and of the list of them. */
  static final String INCLUDE = "include";

  /** Name of the list of headers: one path a line. */
  static final String INCLUDE_LIST = "include/headers.list";

  private static final String OBJECT_SUFFIX = ".bpf.o";

  private final Path gadgetsDir;
  private final Path objectsDir;
  private final Path outDir;

  private CatalogBuild(Path gadgetsDir, Path objectsDir, Path outDir) {
    this.gadgetsDir = gadgetsDir;
    this.objectsDir = objectsDir;
    this.outDir = outDir.resolve(FOLDER);
  }

  /**
   * {@code CatalogBuild GADGETS_DIR OBJECTS_DIR CLASSES_DIR}.
   *
   * @throws IOException if a file cannot be read or written
   * @throws GadgetException if a gadget cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(
          "building the catalog: three folders are needed (gadgets, objects, classes), not "
              + arguments.length);
    }
    build(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
  }

  /**
   * Builds the catalog.
   *
   * @param gadgetsDir the folder of the gadgets' folders
   * @param objectsDir the folder of their objects: {@code NAME/NAME.bpf.o}
   * @param classesDir where {@code gadgets/} is written to
   */
  static Catalog build(Path gadgetsDir, Path objectsDir, Path classesDir) throws IOException {
    return new CatalogBuild(gadgetsDir, objectsDir, classesDir).run();
  }

  private Catalog run() throws IOException {
    Files.createDirectories(outDir);
    List<GadgetSpec> gadgets = new ArrayList<>();
    for (String name : folders()) {
      gadgets.add(gadget(name));
    }
    checkNames(gadgets);
    removeStaleObjects(gadgets);
    copyHeaders();
    Catalog catalog = new Catalog(gadgets);
    try (OutputStream out = Files.newOutputStream(outDir.resolve("catalog.json"))) {
      CatalogJson.write(catalog, out);
    }
    writeCommands(gadgets);
    return catalog;
  }

  private void writeCommands(List<GadgetSpec> gadgets) throws IOException {
    Path classes = outDir.resolveSibling(".");
    Files.createDirectories(classes.resolve(Catalog.resourceOf("", "")).getParent());
    for (GadgetSpec gadget : gadgets) {
      Path file = classes.resolve(Catalog.resourceOf(gadget.category(), gadget.commandName()));
      try (OutputStream out = Files.newOutputStream(file)) {
        CatalogJson.write(new Catalog(List.of(gadget)), out);
      }
    }
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> entries = Files.list(gadgetsDir)) {
      return entries
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(CatalogBuild::isGadgetName)
          .sorted()
          .toList();
    }
  }

  /** {@code trace_open}: lower-case words of letters and digits with underscores between them. */
  private static boolean isGadgetName(String name) {
    return name.indexOf('_') > 0
        && name.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }

  private GadgetSpec gadget(String name) throws IOException {
    Path folder = gadgetsDir.resolve(name);
    Path object = objectsDir.resolve(name).resolve(name + OBJECT_SUFFIX);
    if (!Files.exists(object)) {
      throw new GadgetException(
          "building the catalog: "
              + folder
              + " has no compiled program; its source must be called "
              + name
              + ".bpf.c");
    }
    Path yaml = folder.resolve("gadget.yaml");
    if (!Files.exists(yaml)) {
      throw new GadgetException("building the catalog: " + folder + " has no gadget.yaml");
    }
    GadgetSpec.ObjectLocation location =
        new GadgetSpec.ObjectLocation.Resource(FOLDER + "/" + name + OBJECT_SUFFIX);
    GadgetSpec gadget =
        GadgetReader.read(name, Files.readAllBytes(object), Files.readString(yaml), location);
    if (gadget.description().isEmpty()) {
      throw new GadgetException(
          "building the catalog: " + yaml + " has no description, which the help shows");
    }
    Files.copy(object, outDir.resolve(name + OBJECT_SUFFIX), StandardCopyOption.REPLACE_EXISTING);
    return gadget;
  }

  /** A word under a category, and a gadget's own name, must lead to one gadget. */
  private static void checkNames(List<GadgetSpec> gadgets) {
    Map<String, String> owners = new HashMap<>();
    for (GadgetSpec gadget : gadgets) {
      Set<String> names = new LinkedHashSet<>();
      names.add(gadget.name());
      names.add(gadget.category() + " " + gadget.commandName());
      gadget.names().forEach(name -> names.add(gadget.category() + " " + name));
      for (String name : names) {
        String owner = owners.put(name, gadget.name());
        if (owner != null) {
          throw new GadgetException(
              "building the catalog: "
                  + owner
                  + " and "
                  + gadget.name()
                  + " are both called "
                  + name);
        }
      }
    }
  }

  private void removeStaleObjects(List<GadgetSpec> gadgets) throws IOException {
    Set<String> wanted = new LinkedHashSet<>();
    gadgets.forEach(gadget -> wanted.add(gadget.name() + OBJECT_SUFFIX));
    try (Stream<Path> entries = Files.list(outDir)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.endsWith(OBJECT_SUFFIX) && !wanted.contains(name)) {
          Files.delete(entry);
        }
      }
    }
  }

  private void copyHeaders() throws IOException {
    Path source = gadgetsDir.resolve(INCLUDE);
    if (!Files.isDirectory(source)) {
      return;
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.walk(source)) {
      for (Path entry : entries.filter(Files::isRegularFile).sorted().toList()) {
        String name = source.relativize(entry).toString();
        Path target = outDir.resolve(INCLUDE).resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
        names.add(name);
      }
    }
    Files.write(outDir.resolve(INCLUDE_LIST), names);
  }
}
