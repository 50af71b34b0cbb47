// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether runtimes keep their state inside a container, as those of a node in a container do. */
final class RuntimeFolders {
  private static final List<String> SIGNS =
      List.of("/run/containerd", "/run/runc", "/run/crun", "/run/docker", "/run/youki");

  private RuntimeFolders() {}

  /** True if the view has such folders and they are others than the host's. */
  static boolean areOwnOf(MountView view, HostFilesystem host) {
    Path run = view.root().resolve("run");
    Object key = fileKey(run);
    if (key == null || key.equals(fileKey(host.run()))) {
      return false;
    }
    return SIGNS.stream().anyMatch(sign -> Files.isDirectory(view.resolve(sign)));
  }

  /** What tells folders apart; null if it is none. */
  private static @Nullable Object fileKey(Path folder) {
    try {
      return Files.readAttributes(
              folder, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      // Most containers have no such folder, or have ended.
      return null;
    }
  }
}
