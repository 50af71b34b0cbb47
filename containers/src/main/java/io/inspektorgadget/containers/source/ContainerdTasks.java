// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The bundles of containerd's running tasks, of every namespace: {@code NAMESPACE/ID}. */
public final class ContainerdTasks implements ContainerSource {
  private static final long PID_FILE_SIZE_MAX_BYTES = 32;

  private final List<String> roots;

  /**
   * The tasks of every containerd.
   *
   * @param roots folders of tasks
   */
  public ContainerdTasks(List<String> roots) {
    this.roots = List.copyOf(roots);
  }

  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public void scan(FoundContainers found) {
    for (String root : roots) {
      for (Path namespace : FoundContainers.subfolders(found.view().resolve(root))) {
        for (Path bundle : FoundContainers.subfolders(namespace)) {
          String id = bundle.getFileName().toString();
          String path = root + "/" + namespace.getFileName() + "/" + id;
          List<Long> view = List.of(found.view().pid());
          found.add(
              new Candidate("containerd", id, path, view, 0), pid(bundle.resolve("init.pid")), 0);
        }
      }
    }
  }

  private static long pid(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= PID_FILE_SIZE_MAX_BYTES) {
        return Long.parseLong(Files.readString(file).strip());
      }
    } catch (IOException | NumberFormatException e) {
      // Half written or removed: there is no such process.
      return 0;
    }
    return 0;
  }
}
