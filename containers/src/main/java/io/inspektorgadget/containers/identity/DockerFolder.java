// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which Docker's daemon keeps its state. It is found by a container's root file
 * system, which lies inside, so a daemon with a folder of its own ({@code --data-root}) is
 * understood as well.
 */
final class DockerFolder {
  private static final Path USUAL = Path.of("/var/lib/docker");
  private static final Set<String> OF_CONTAINER =
      Set.of("Name", "Image", "Driver", "Config.Image", "Config.Labels");
  private static final Set<String> OF_IMAGES = Set.of("Repositories");

  private DockerFolder() {}

  /**
   * What the daemon wrote of a container.
   *
   * @param id its id
   * @param rootFileSystem its root file system, absolute; empty if unknown
   */
  static EngineRecord record(MountView view, String id, String rootFileSystem) {
    Path folder = folder(view, id, rootFileSystem);
    if (folder == null) {
      return EngineRecord.EMPTY;
    }
    try {
      JsonFile container = JsonFile.read(configOf(view, folder, id), OF_CONTAINER);
      String name = container.text("Name");
      return new EngineRecord(
          name.startsWith("/") ? name.substring(1) : name,
          container.text("Config", "Image"),
          digest(view, folder, container.text("Driver"), container.text("Image")),
          container.texts("Config", "Labels"));
    } catch (IOException e) {
      // Being removed or half written: the container keeps what its bundle says.
      return EngineRecord.EMPTY;
    }
  }

  private static @Nullable Path folder(MountView view, String id, String rootFileSystem) {
    List<Path> candidates = new ArrayList<>(List.of(USUAL));
    try {
      for (Path above = Path.of(rootFileSystem); above != null; above = above.getParent()) {
        candidates.add(above);
      }
      for (Path candidate : candidates) {
        if (candidate.isAbsolute() && Files.isRegularFile(configOf(view, candidate, id))) {
          return candidate;
        }
      }
    } catch (InvalidPathException e) {
      // An id or path that no daemon makes: it has written nothing about it.
      return null;
    }
    return null;
  }

  private static Path configOf(MountView view, Path folder, String id) {
    return view.resolve(folder + "/containers/" + id + "/config.v2.json");
  }

  /** Digest by which a registry knows the image; empty if it was built or imported here. */
  private static String digest(MountView view, Path folder, String driver, String imageId) {
    try {
      Path file = view.resolve(folder + "/image/" + driver + "/repositories.json");
      JsonFile images = JsonFile.read(file, OF_IMAGES);
      for (String repository : images.names("Repositories")) {
        for (Map.Entry<String, String> name : images.texts("Repositories", repository).entrySet()) {
          int digest = name.getKey().indexOf('@');
          if (digest >= 0 && name.getValue().equals(imageId)) {
            return name.getKey().substring(digest + 1);
          }
        }
      }
    } catch (IOException e) {
      // Another kind of image store, which keeps this in no file that can be read.
      return "";
    }
    return "";
  }
}
