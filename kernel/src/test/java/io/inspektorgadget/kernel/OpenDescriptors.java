// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process has open, to compare before and after a test. */
public final class OpenDescriptors {
  private OpenDescriptors() {}

  /** The kinds of descriptors that the kernel packages open: BPF, perf events, epoll … */
  public static List<String> kernelObjects() {
    List<String> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      for (Path entry : entries.toList()) {
        String target = target(entry);
        boolean foreign = target.endsWith(".jar") || target.contains("/modules");
        if (!target.isEmpty() && !foreign && !target.endsWith("/fd")) {
          found.add(target.replaceAll("[0-9]+", "N"));
        }
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
    return found.stream().sorted().toList();
  }

  /** The highest number in use, except the one that looking takes. */
  public static int highest() {
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries
          .filter(entry -> !target(entry).endsWith("/fd"))
          .mapToInt(entry -> Integer.parseInt(entry.getFileName().toString()))
          .max()
          .orElse(0);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private static String target(Path entry) {
    try {
      return Files.readSymbolicLink(entry).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
