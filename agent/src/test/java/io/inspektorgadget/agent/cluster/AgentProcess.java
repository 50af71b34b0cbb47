// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The process of a gadget pod, as this machine sees it, which is the nodes' kernel. */
record AgentProcess(ProcessHandle process) {
  private static final Pattern PROGRAM = Pattern.compile("(?m)^prog_id:\\s*(\\d+)$");
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

  /** The kernel programs that it holds, by numbers that are not used again. */
  List<Long> programs() throws IOException {
    List<Long> programs = new ArrayList<>();
    Path folder = Path.of("/proc", Long.toString(process.pid()), "fdinfo");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher number = PROGRAM.matcher(text(file));
        while (number.find()) {
          programs.add(Long.valueOf(number.group(1)));
        }
      }
    }
    return programs.stream().distinct().toList();
  }

  /** Those of these programs that are loaded. */
  static List<Long> loaded(List<Long> programs) {
    String all;
    try {
      all = GadgetPods.run("bpftool", "prog", "show");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("listing the kernel's programs", e);
    }
    List<Long> loaded = new ArrayList<>();
    Matcher number = LOADED.matcher(all);
    while (number.find()) {
      loaded.add(Long.valueOf(number.group(1)));
    }
    loaded.retainAll(programs);
    return loaded;
  }

  /** Ends it as a kubelet does; returns after how many milliseconds it was gone. */
  long end() {
    long beginNs = System.nanoTime();
    process.destroy();
    TimeLimit.usual().await("the end of the agent", () -> !process.isAlive());
    return (System.nanoTime() - beginNs) / 1_000_000;
  }
}
