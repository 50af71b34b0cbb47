// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder that looks like a host's root, for tests without containers. */
public record FakeHost(Path root) {

  /** How modules see it. */
  public HostFilesystem filesystem() {
    return new HostFilesystem(root);
  }

  /** Writes a file with the folders above it. */
  public void write(String path, String content) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Adds a process, in namespaces that follow from its id and in a group of the v2 tree. */
  public void process(long pid, String cgroup, long startTicks) throws IOException {
    write("/proc/" + pid + "/cgroup", "12:pids:/elsewhere\n0::" + cgroup + "\n");
    write(
        "/proc/" + pid + "/stat",
        pid + " (odd) name) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + startTicks + " 0 0\n");
    Path namespaces = Files.createDirectories(root.resolve("proc/" + pid + "/ns"));
    Files.createSymbolicLink(namespaces.resolve("mnt"), Path.of("mnt:[" + (1000 + pid) + "]"));
    Files.createSymbolicLink(namespaces.resolve("net"), Path.of("net:[" + (2000 + pid) + "]"));
    write("/sys/fs/cgroup/cgroup.controllers", "");
    write("/sys/fs/cgroup" + cgroup + "/cgroup.procs", pid + "\n");
  }

  /**
   * Says more about a process that was added.
   *
   * @param pidNamespace inode of its PID namespace
   * @param numbers its ids in its PID namespaces, the host's first
   */
  public void pidNamespace(long pid, long parent, long pidNamespace, long... numbers)
      throws IOException {
    StringBuilder line = new StringBuilder("Name:\tx\nNSpid:");
    for (long number : numbers) {
      line.append('\t').append(number);
    }
    write("/proc/" + pid + "/status", line.append('\n').toString());
    write("/proc/" + pid + "/stat", pid + " (x) S " + parent + " 1 1 0\n");
    for (String name : new String[] {"pid", "pid_for_children"}) {
      Path link = root.resolve("proc/" + pid + "/ns/" + name);
      Files.createSymbolicLink(link, Path.of("pid:[" + pidNamespace + "]"));
    }
  }

  /** Copies a tree of files that lies in the class path of the tests. */
  public void copyOf(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        write("/" + tree.relativize(file), Files.readString(file));
      }
    }
  }
}
