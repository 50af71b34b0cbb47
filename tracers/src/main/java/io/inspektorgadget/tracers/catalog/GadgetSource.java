// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.text.NearestName;
import io.inspektorgadget.tracers.schema.GadgetReader;
import io.inspektorgadget.tracers.schema.YamlNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a gadget by what a user calls it: a name from the catalog, a folder with a program, or a
 * compiled object.
 */
public final class GadgetSource {
  private static final String DEFAULT_PROGRAM = "program.bpf.c";
  private static final String SOURCE_SUFFIX = ".bpf.c";

  private final Catalog catalog;
  private final GadgetCompiler compiler;

  /**
   * With the environment of the process, for PATH, CLANG, HOME and XDG_CACHE_HOME.
   *
   * @param catalog the gadgets that have a name
   */
  public GadgetSource(Catalog catalog, Map<String, String> environment) {
    this.catalog = catalog;
    this.compiler = new GadgetCompiler(environment, HashedCache.ofUser(environment));
  }

  /**
   * The gadget that is meant.
   *
   * @param wanted NAME, DIR or FILE.o
   * @throws GadgetException if there is none, or it cannot be compiled or read
   */
  public GadgetSpec find(String wanted) {
    GadgetSpec named = catalog.find(wanted);
    if (named != null) {
      return named;
    }
    Path path = Path.of(wanted);
    if (Files.isDirectory(path)) {
      return folder(path.toAbsolutePath().normalize());
    }
    if (Files.exists(path)) {
      return object(path);
    }
    if (wanted.indexOf('/') >= 0 || wanted.endsWith(".o")) {
      throw new GadgetException("looking for the gadget " + wanted + ": no such file or folder");
    }
    List<String> names = new ArrayList<>();
    for (GadgetSpec gadget : catalog.gadgets()) {
      names.add(gadget.name());
      names.addAll(gadget.names());
    }
    throw new GadgetException(
        "looking for the gadget "
            + wanted
            + ": neither the catalog nor this folder has it"
            + NearestName.suggestion(wanted, names));
  }

  private GadgetSpec object(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    Path yaml = folder == null ? null : folder.resolve("gadget.yaml");
    boolean described = yaml != null && Files.exists(yaml);
    return read(nameOf(absolute), absolute, described ? yaml : null, false);
  }

  private static String nameOf(Path object) {
    String name = fileName(object);
    for (String suffix : List.of(".bpf.o", ".o")) {
      if (name.endsWith(suffix)) {
        name = name.substring(0, name.length() - suffix.length());
        break;
      }
    }
    Path folder = object.getParent();
    return name.equals("program") && folder != null ? fileName(folder) : name;
  }

  private GadgetSpec folder(Path folder) {
    String name = fileName(folder);
    BuildFile build = BuildFile.of(folder);
    Path object = program(name, folder, build);
    Path yaml = folder.resolve(build.metadata().isEmpty() ? "gadget.yaml" : build.metadata());
    if (!build.metadata().isEmpty() && !Files.exists(yaml)) {
      throw new GadgetException(
          "reading the gadget " + name + ": build.yaml names " + yaml + ", which is not there");
    }
    return read(name, object, Files.exists(yaml) ? yaml : null, !build.wasm().isEmpty());
  }

  private Path program(String name, Path folder, BuildFile build) {
    String asked = build.source();
    if (!asked.isEmpty()) {
      Path source = folder.resolve(asked);
      if (!Files.exists(source)) {
        throw new GadgetException(
            "compiling the gadget "
                + name
                + ": build.yaml names "
                + source
                + ", which is not there");
      }
      return compiler.compile(name, folder, asked);
    }
    for (String candidate : List.of(DEFAULT_PROGRAM, name + SOURCE_SUFFIX)) {
      if (Files.exists(folder.resolve(candidate))) {
        return compiler.compile(name, folder, candidate);
      }
    }
    List<Path> sources = filesEndingIn(folder, SOURCE_SUFFIX);
    if (sources.size() == 1) {
      return compiler.compile(name, folder, fileName(sources.getFirst()));
    }
    List<Path> objects = filesEndingIn(folder, ".o");
    if (sources.isEmpty() && objects.size() == 1) {
      return objects.getFirst();
    }
    throw new GadgetException(
        "looking for the program of the gadget "
            + name
            + ": "
            + folder
            + " has "
            + sources.size()
            + " sources and "
            + objects.size()
            + " objects; call one "
            + DEFAULT_PROGRAM
            + ", or name it in build.yaml (ebpfsource)");
  }

  private static List<Path> filesEndingIn(Path folder, String suffix) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> fileName(file).endsWith(suffix) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new GadgetException("listing " + folder + ": " + e, e);
    }
  }

  private static GadgetSpec read(
      String name, Path object, @Nullable Path yaml, boolean fieldsMayBeMissing) {
    ObjectLocation location = new ObjectLocation.ObjectFile(object);
    try {
      byte[] bytes = Files.readAllBytes(object);
      String text =
          yaml == null ? null : new String(Files.readAllBytes(yaml), StandardCharsets.UTF_8);
      return fieldsMayBeMissing
          ? GadgetReader.readPartly(name, bytes, text, location)
          : GadgetReader.read(name, bytes, text, location);
    } catch (IOException e) {
      throw new GadgetException("reading the gadget " + name + ": " + e, e);
    }
  }

  private static String fileName(Path path) {
    Path last = path.getFileName();
    return last == null ? path.toString() : last.toString();
  }

  /** What a build.yaml names; texts are empty where it names nothing. */
  private record BuildFile(String source, String metadata, String wasm) {
    static BuildFile of(Path folder) {
      Path file = folder.resolve("build.yaml");
      if (!Files.exists(file)) {
        return new BuildFile("", "", "");
      }
      try {
        YamlNode root =
            YamlNode.parse(
                file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        return new BuildFile(
            root.member("ebpfsource"), root.member("metadata"), root.member("wasm"));
      } catch (IOException e) {
        throw new GadgetException("reading " + file + ": " + e, e);
      }
    }
  }
}
