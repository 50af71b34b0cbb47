// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process in a mount namespace of its own that no runtime made, in a control group of its own.
 * Closing ends it and removes the group.
 */
final class OwnNamespace implements AutoCloseable {
  private static final long LIMIT_NS = 20_000_000_000L;
  private static final long PAUSE_NS = 5_000_000;

  private final Process process;
  private final Path group;

  private OwnNamespace(Process process, Path group) {
    this.process = process;
    this.group = group;
  }

  /**
   * Starts one.
   *
   * @param groupName name of its control group
   * @param unshareArguments what unshare(1) is told, the program at the end
   */
  static OwnNamespace start(Path folder, String groupName, String... unshareArguments)
      throws IOException {
    Path unified = Path.of("/sys/fs/cgroup/unified");
    Path mount = Files.isDirectory(unified) ? unified : Path.of("/sys/fs/cgroup");
    Path group = Files.createDirectories(mount.resolve(groupName));
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "echo $$ >" + group + "/cgroup.procs; exec unshare \"$@\"", "sh"));
    command.addAll(List.of(unshareArguments));
    OwnNamespace made =
        new OwnNamespace(Commands.start(folder, command.toArray(new String[0])), group);
    made.awaitProgram();
    return made;
  }

  private void awaitProgram() throws IOException {
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadlineNs) {
        throw new AssertionError("waiting for a program in its own namespace: it never ran");
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  /** Either unshare(1) has become the program, or it has started it and waits. */
  private boolean isReady() throws IOException {
    if (mountNs() == mountNs(ProcessHandle.current().pid())) {
      return false;
    }
    String name = Files.readString(Path.of("/proc/" + pid() + "/comm")).strip();
    return !name.equals("unshare") || process.children().findAny().isPresent();
  }

  long pid() {
    return process.pid();
  }

  /** The inode number of its mount namespace. */
  long mountNs() throws IOException {
    return mountNs(pid());
  }

  private static long mountNs(long pid) throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/mnt")).toString();
    return Long.parseLong(link.replaceAll("\\D", ""));
  }

  /** Ends the process and, if it made a PID namespace, all that runs in there. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().orTimeout(LIMIT_NS, TimeUnit.NANOSECONDS).join();
    awaitEmpty();
    Files.delete(group);
  }

  private void awaitEmpty() throws IOException {
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    while (!Files.readString(group.resolve("cgroup.procs")).isEmpty()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("emptying " + group + ": its processes go on");
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
