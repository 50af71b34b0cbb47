// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that tests start. */
final class Commands {
  private static final long LIMIT_SECONDS = 60;

  private Commands() {}

  /** Runs a program to its end; its output is the message if it ends badly. */
  static void run(Path directory, String... command) throws IOException, InterruptedException {
    Process process = start(directory, command);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": not over after a minute");
    }
    if (process.exitValue() != 0) {
      String output = output(directory, command);
      throw new IOException(
          String.join(" ", command) + ": exit status " + process.exitValue() + ": " + output);
    }
  }

  /**
   * The command, run where the tree of cgroups v2 is out of sight. crun refuses to start where that
   * tree is mounted beside v1 hierarchies and has controllers.
   */
  static String[] onePlainCgroupTree(String... command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified; exec \"$@\"", "sh"));
    boolean isHybrid = Files.isDirectory(Path.of("/sys/fs/cgroup/unified"));
    if (!isHybrid) {
      words.clear();
    }
    words.addAll(List.of(command));
    return words.toArray(new String[0]);
  }

  /** What the program printed so far. */
  static String output(Path directory, String... command) throws IOException {
    return Files.readString(log(directory, command));
  }

  /** Starts a program. What it leaves running keeps no pipe of ours. */
  static Process start(Path directory, String... command) throws IOException {
    return new ProcessBuilder(List.of(command))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectInput(new java.io.File("/dev/null"))
        .redirectOutput(log(directory, command).toFile())
        .start();
  }

  private static Path log(Path directory, String... command) {
    return directory.resolve("log-" + Integer.toHexString(List.of(command).hashCode()));
  }
}
