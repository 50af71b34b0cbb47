// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes that hold starts for this one, and the marks that their groups have. */
final class GateMarks {
  private static final String GATE = "ig-gate";

  private GateMarks() {}

  /** The gates of this process. */
  static List<ProcessHandle> gates() {
    return ProcessHandle.current()
        .children()
        .filter(child -> GATE.equals(text(Path.of("/proc/" + child.pid() + "/comm")).strip()))
        .toList();
  }

  /** True if a file has a mark, by what the kernel says about the gates' descriptors. */
  static boolean has(Path file) throws IOException {
    if (!(Files.getAttribute(file, "unix:ino") instanceof Long inode)) {
      throw new IOException("reading " + file + ": no inode number");
    }
    String mark = "fanotify ino:" + Long.toHexString(inode) + " ";
    return all().stream().anyMatch(line -> line.startsWith(mark));
  }

  /** The lines that the kernel writes about every mark on a file. */
  static List<String> all() throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    for (ProcessHandle gate : gates()) {
      try (Stream<Path> fds = Files.list(Path.of("/proc/" + gate.pid() + "/fdinfo"))) {
        fds.flatMap(fd -> text(fd).lines())
            .filter(line -> line.startsWith("fanotify ino:"))
            .forEach(lines::add);
      }
    }
    return lines;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // Ended while we looked: it has nothing any more.
      return "";
    }
  }
}
