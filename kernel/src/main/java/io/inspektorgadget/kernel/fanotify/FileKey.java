// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which file it is, whatever its path. Immutable.
 *
 * @param device its device as stat(2) gives it
 * @param inode its inode number
 */
public record FileKey(long device, long inode) {

  /** The file that a path leads to, links followed; empty if there is none. Opens nothing. */
  public static Optional<FileKey> of(Path path) {
    try {
      Map<String, Object> file = Files.readAttributes(path, "unix:dev,ino");
      if (file.get("dev") instanceof Long device && file.get("ino") instanceof Long inode) {
        return Optional.of(new FileKey(device, inode));
      }
      return Optional.empty();
    } catch (IOException e) {
      // Gone, or in a place where we may not look: there is nothing to compare with.
      return Optional.empty();
    }
  }
}
