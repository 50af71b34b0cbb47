// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds of the kernel: descriptors with the identity that /proc tells of them,
 * mapped rings, threads of gadgets. Programs and maps of others on the machine do not count.
 *
 * @param descriptors sorted
 */
record KernelResources(List<String> descriptors, long mappedMaps, List<String> gadgetThreads) {

  static KernelResources now() throws IOException {
    List<String> descriptors = new ArrayList<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      for (Path entry : entries.toList()) {
        String target = target(entry);
        if (target.endsWith("[pidfd]")) {
          // Container-Collection's, for every container that comes and goes on the machine.
          continue;
        }
        if (target.startsWith("anon_inode:")) {
          descriptors.add(target + identity(entry));
        } else if (target.startsWith("/sys/") || target.startsWith("/dev/")) {
          descriptors.add(target);
        }
      }
    }
    descriptors.sort(null);
    long mapped;
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
      mapped = lines.filter(line -> line.contains("bpf")).count();
    }
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("gadget "))
            .sorted()
            .toList();
    return new KernelResources(descriptors, mapped, threads);
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** The id of a program, map or link; empty for other descriptors. */
  private static String identity(Path descriptor) {
    Path info = Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName());
    StringBuilder ids = new StringBuilder();
    try {
      for (String line : Files.readAllLines(info, StandardCharsets.ISO_8859_1)) {
        if (line.matches("(prog_id|map_id|link_id):.*")) {
          ids.append(' ').append(line.replaceAll("\\s+", ""));
        }
      }
    } catch (IOException closedMeanwhile) {
      return "";
    }
    return ids.toString();
  }
}
