// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of the checkout that belong to it: all but build products and what git keeps for
 * itself.
 */
final class RepositoryFiles {
  private static final Set<String> LEFT_OUT = Set.of(".git", "target", ".idea", ".vscode");

  private RepositoryFiles() {}

  /** The checkout's root: the first folder above the working one that holds the wrapper. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException(
            "looking for the checkout: no mvnw above the working folder");
      }
    }
    return folder;
  }

  /** Text of every file whose name ends with one of the endings, by its path from the root. */
  static SortedMap<String, String> texts(List<String> endings) throws IOException {
    TreeMap<String, String> texts = new TreeMap<>();
    for (Path file : all()) {
      String name = root().relativize(file).toString();
      if (endings.stream().anyMatch(name::endsWith)) {
        texts.put(name, Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  /** Every file. */
  static List<Path> all() throws IOException {
    Path root = root();
    var files = new java.util.ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return LEFT_OUT.contains(String.valueOf(dir.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
