// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.proc.Procfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The runtimes that running engines use, by the processes that they leave beside each container:
 * containerd's and Docker's shims look for a runtime in their PATH, conmon is told its path. Not
 * thread-safe.
 */
final class EngineRuntimes {
  private static final String SHIM = "containerd-shim";
  private static final String CONMON = "conmon";
  private static final List<String> CONMON_FLAGS = List.of("-r", "--runtime");
  private static final String PATH_VARIABLE = "PATH=";

  private final Path proc;
  private final Procfs processes;
  private final Set<String> folders = new LinkedHashSet<>();
  private final Set<String> paths = new LinkedHashSet<>();

  /** Nothing found yet. */
  EngineRuntimes(HostFilesystem host) {
    this.proc = host.proc();
    this.processes = new Procfs(host);
  }

  /** Looks at all processes, and keeps what was found before: the next container may need it. */
  void look() {
    for (long pid : processes.processes()) {
      String name = processes.comm(pid).orElse("");
      if (name.startsWith(SHIM)) {
        folders.addAll(searchPath(pid));
      } else if (name.equals(CONMON)) {
        addRuntime(processes.cmdline(pid));
      }
    }
  }

  /** Folders in which runtimes are looked for, absolute. */
  Set<String> folders() {
    return folders;
  }

  /** Runtimes, absolute. */
  Set<String> paths() {
    return paths;
  }

  private void addRuntime(List<String> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      if (CONMON_FLAGS.contains(words.get(i)) && words.get(i + 1).startsWith("/")) {
        paths.add(words.get(i + 1));
      }
    }
  }

  private Set<String> searchPath(long pid) {
    Set<String> found = new LinkedHashSet<>();
    for (String variable : environment(pid).split("\0", -1)) {
      if (variable.startsWith(PATH_VARIABLE)) {
        for (String folder : variable.substring(PATH_VARIABLE.length()).split(":", -1)) {
          if (folder.startsWith("/")) {
            found.add(folder);
          }
        }
      }
    }
    return found;
  }

  private String environment(long pid) {
    try {
      Path file = proc.resolve(Long.toString(pid)).resolve("environ");
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The shim has ended, or may not be looked at: it names no runtime.
      return "";
    }
  }
}
