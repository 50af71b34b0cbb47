// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The process of a gadget pod, as this machine sees it, which is the nodes' kernel. */
record AgentProcess(ProcessHandle process) {
  private static final Pattern HELD = Pattern.compile("(?m)^(prog|map|link)_id:\\s*(\\d+)$");
  private static final Pattern LOADED = Pattern.compile("(?m)^(\\d+): ");

  /** That of a pod, by its container's control group. */
  static AgentProcess of(Pod pod) throws IOException {
    String id = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
    String group = "/" + id.substring(id.lastIndexOf('/') + 1);
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Path cgroup = Path.of("/proc", Long.toString(process.pid()), "cgroup");
      if (Files.exists(cgroup)
          && text(cgroup).contains(group)
          && process.info().command().orElse("").endsWith("/java")) {
        return new AgentProcess(process);
      }
    }
    throw new IllegalStateException("looking for the process of " + id + ": there is none");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * What it holds in the kernel: programs, maps and links, by numbers that are not used again, such
   * as {@code prog 12}.
   */
  Set<String> held() throws IOException {
    Set<String> held = new TreeSet<>();
    Path folder = Path.of("/proc", Long.toString(process.pid()), "fdinfo");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher object = HELD.matcher(text(file));
        while (object.find()) {
          held.add(object.group(1) + " " + object.group(2));
        }
      }
    }
    return held;
  }

  /** Those of these that the kernel still has. */
  static Set<String> loaded(Set<String> held) {
    Set<String> loaded = new TreeSet<>();
    for (String kind : List.of("prog", "map", "link")) {
      String all;
      try {
        all = GadgetPods.run("bpftool", kind, "show");
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("listing what the kernel has: " + kind, e);
      }
      Matcher number = LOADED.matcher(all);
      while (number.find()) {
        loaded.add(kind + " " + number.group(1));
      }
    }
    loaded.retainAll(held);
    return loaded;
  }

  /** Waits until the kernel has none of these. */
  static void awaitGone(Set<String> held) {
    TimeLimit.usual()
        .await("the agent's programs, maps and links are gone", () -> loaded(held).isEmpty());
  }

  /** Ends it as a lack of memory does; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    TimeLimit.usual().await("the end of the killed agent", () -> !process.isAlive());
  }

  /** Ends it as a kubelet does; returns after how many milliseconds it was gone. */
  long end() {
    long beginNs = System.nanoTime();
    process.destroy();
    TimeLimit.usual().await("the end of the agent", () -> !process.isAlive());
    return (System.nanoTime() - beginNs) / 1_000_000;
  }
}
