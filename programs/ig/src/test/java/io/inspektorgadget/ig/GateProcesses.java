// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes that hold starts for an ig. */
final class GateProcesses {
  private static final String NAME = "ig-gate";

  private GateProcesses() {}

  /** Those that it has now. */
  static List<ProcessHandle> of(Process ig) {
    return ig.toHandle()
        .children()
        .filter(child -> text(Path.of("/proc/" + child.pid() + "/comm")).strip().equals(NAME))
        .toList();
  }

  /** True if the kernel says that the group of a gate has a mark on this file. */
  static boolean hold(Process ig, Path file) throws IOException {
    String mark = "fanotify ino:" + Long.toHexString(inode(file)) + " ";
    for (ProcessHandle gate : of(ig)) {
      try (Stream<Path> fds = Files.list(Path.of("/proc/" + gate.pid() + "/fdinfo"))) {
        if (fds.flatMap(fd -> text(fd).lines()).anyMatch(line -> line.startsWith(mark))) {
          return true;
        }
      }
    }
    return false;
  }

  private static long inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino") instanceof Long inode ? inode : 0;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // Ended or closed while we looked: it says nothing any more.
      return "";
    }
  }
}
