// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One hierarchy of control groups. The kernel tells paths in it as seen from the reader's control
 * group namespace: for a pod with one of its own, as most runtimes give it beside cgroup v2, other
 * pods are {@code /../../other}. Here they become paths from where the host has the hierarchy
 * mounted. Immutable.
 */
final class CgroupHierarchy {
  private static final String UP = "..";

  private final Path mount;

  /** The root of the own namespace, by the names that lead there; empty without one. */
  private final List<String> own;

  private CgroupHierarchy(Path mount, List<String> own) {
    this.mount = mount;
    this.own = own;
  }

  /**
   * A hierarchy.
   *
   * @param mount where the host has it
   * @param ownMount where this process has it: the root of its control group namespace, if it has
   *     one of its own
   * @param pathOfFirst the path of the host's process 1 as told to this process
   */
  static CgroupHierarchy of(Path mount, Path ownMount, String pathOfFirst) {
    boolean isNested = pathOfFirst.startsWith("/" + UP);
    return new CgroupHierarchy(mount, isNested ? search(mount, ownMount) : List.of());
  }

  /** The names that lead from the mount to the group that is another mount's root. */
  private static List<String> search(Path mount, Path ownMount) {
    List<String> names = new ArrayList<>();
    try {
      Object wanted = Files.readAttributes(ownMount, BasicFileAttributes.class).fileKey();
      Files.walkFileTree(mount, new Search(mount, wanted, names));
    } catch (IOException e) {
      // Not ours to look at: paths of others stay unknown, as they would be without a search.
      return List.of();
    }
    return List.copyOf(names);
  }

  /** Looks for a folder by its number; groups that vanish meanwhile are passed over. */
  private static final class Search extends SimpleFileVisitor<Path> {
    private final Path mount;
    private final @Nullable Object wanted;
    private final List<String> names;

    Search(Path mount, @Nullable Object wanted, List<String> names) {
      this.mount = mount;
      this.wanted = wanted;
      this.names = names;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (!Objects.equals(attributes.fileKey(), wanted)) {
        return FileVisitResult.CONTINUE;
      }
      if (!folder.equals(mount)) {
        mount.relativize(folder).forEach(name -> names.add(name.toString()));
      }
      return FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  /** A path from the mount, of one that the kernel has told; empty if it leads out of it. */
  String path(String told) {
    if (!told.startsWith("/")) {
      return "";
    }
    if (own.isEmpty() && !told.startsWith("/" + UP)) {
      return told;
    }
    List<String> names = new ArrayList<>(own);
    for (String name : told.substring(1).split("/", -1)) {
      if (name.equals(UP)) {
        if (names.isEmpty()) {
          return "";
        }
        names.removeLast();
      } else if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /** The folder of a group. */
  Path folder(String path) {
    return mount.resolve(path.substring(1));
  }
}
