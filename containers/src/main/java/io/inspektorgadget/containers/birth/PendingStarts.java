// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.containers.identity.RuntimeCommand;
import io.inspektorgadget.kernel.fanotify.FileKey;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The containers that runtimes are making: each runtime's process that was held at its start, and
 * the root directory which the first process of its container must open. Used by one thread.
 */
final class PendingStarts {
  private static final int DEPTH_MAX = 8;
  private static final Set<String> ROOT_PATH = Set.of("root.path");
  private static final String PROCESS = "\nTgid:\t";
  private static final String PARENT = "\nPPid:\t";
  private static final String DEFAULT_ROOT = "rootfs";
  private static final String CONFIG = "config.json";
  private static final byte[] REHEARSED_CONFIG =
      "{\"root\":{\"path\":\"rootfs\"}}".getBytes(StandardCharsets.UTF_8);

  private final HostFilesystem host;
  private final HostProcesses processes;
  private final Path proc;
  private final long ownMountNs;
  private final Map<Long, PendingStart> byRuntime = new LinkedHashMap<>();

  /** None yet. */
  PendingStarts(HostFilesystem host, HostProcesses processes) {
    this.host = host;
    this.processes = processes;
    this.proc = host.proc();
    this.ownMountNs = processes.mountNs(ProcessHandle.current().pid());
  }

  /**
   * A container that is being made.
   *
   * @param command how its runtime was called
   * @param runtimeMountNs the mount namespace of the runtime, in which the container is not
   * @param rootPath its root directory as this process finds it
   * @param root the same as a file
   */
  record PendingStart(Birth.Command command, long runtimeMountNs, Path rootPath, FileKey root) {}

  /**
   * A first process that has opened its root directory.
   *
   * @param start its container
   * @param pid its number
   */
  record FirstOpen(PendingStart start, long pid) {}

  /**
   * A runtime is held at its own start.
   *
   * @param threadId the thread that starts it
   * @param words its command line
   * @return empty if it makes no container, or one that cannot be followed so
   */
  Optional<PendingStart> begin(long threadId, List<String> words) {
    RuntimeCommand command = RuntimeCommand.parse(words, false);
    if (command.containerId().isEmpty() || words.contains("--no-pivot")) {
      return Optional.empty();
    }
    long pid = number(threadId, PROCESS);
    String folder = processes.workingDirectory(pid);
    String bundle = absolute(folder, command.bundle().isEmpty() ? "." : command.bundle());
    if (bundle.isEmpty()) {
      return Optional.empty();
    }
    long mountNs = processes.mountNs(pid);
    Path rootPath = view(pid, mountNs, absolute(bundle, rootOf(view(pid, mountNs, bundle))));
    Optional<FileKey> root = FileKey.of(rootPath);
    if (root.isEmpty() || root.equals(FileKey.of(host.root()))) {
      // Everybody opens the host's root directory: such a container is left to the other hook.
      return Optional.empty();
    }
    Birth.Command called = new Birth.Command(pid, words, false, folder);
    PendingStart start = new PendingStart(called, mountNs, rootPath, root.get());
    byRuntime.put(pid, start);
    return Optional.of(start);
  }

  /** Does once what will be done while others wait: code that never ran is slow. */
  void rehearse(long threadId) {
    try {
      JsonFile.parse(CONFIG, REHEARSED_CONFIG, ROOT_PATH);
    } catch (IOException e) {
      throw new IllegalStateException("rehearsing the start of a container", e);
    }
    begin(threadId, Birth.REHEARSED);
    FileKey.of(host.root()).ifPresent(directory -> opened(directory, threadId));
    abandoned();
  }

  /** Paths of a runtime in another mount namespace lead through one of its processes. */
  private Path view(long pid, long mountNs, String path) {
    return mountNs == ownMountNs
        ? host.resolve(path)
        : processes.root(pid).resolve(Path.of("/").relativize(Path.of(path)));
  }

  private static String absolute(String folder, String path) {
    return folder.isEmpty() && !path.startsWith("/")
        ? ""
        : Path.of("/").resolve(folder).resolve(path).normalize().toString();
  }

  private static String rootOf(Path bundle) {
    try {
      String written = JsonFile.read(bundle.resolve(CONFIG), ROOT_PATH).text("root", "path");
      return written.isEmpty() ? DEFAULT_ROOT : written;
    } catch (IOException e) {
      // No bundle, so the runtime will fail too; if not, the usual name is the best guess.
      return DEFAULT_ROOT;
    }
  }

  /**
   * A thread is held at opening a root directory. If it is of a container's first process, the
   * container is pending no more.
   */
  Optional<FirstOpen> opened(FileKey directory, long threadId) {
    if (byRuntime.values().stream().noneMatch(start -> start.root().equals(directory))) {
      return Optional.empty();
    }
    long opener = number(threadId, PROCESS);
    long mountNs = processes.mountNs(opener);
    long first = opener;
    // A hook that the first process runs is in the container too, so the highest one counts.
    for (int i = 0; i < DEPTH_MAX && first > 0; i++) {
      long parent = number(first, PARENT);
      PendingStart start = byRuntime.get(parent);
      if (start != null) {
        if (mountNs == 0 || mountNs == start.runtimeMountNs() || !start.root().equals(directory)) {
          return Optional.empty();
        }
        byRuntime.remove(parent);
        return Optional.of(new FirstOpen(start, first));
      }
      first = parent;
    }
    return Optional.empty();
  }

  /**
   * One number of {@code /proc/PID/status}, read as plainly as can be because others wait; 0 if the
   * process is gone.
   */
  private long number(long pid, String field) {
    try {
      String status =
          Files.readString(
              proc.resolve(Long.toString(pid)).resolve("status"), StandardCharsets.ISO_8859_1);
      int start = status.indexOf(field) + field.length();
      return Long.parseLong(status, start, status.indexOf('\n', start), 10);
    } catch (IOException e) {
      // Killed while it was held, or never there.
      return 0;
    }
  }

  /** True if a container is pending whose root directory this is. */
  boolean needs(FileKey directory) {
    return byRuntime.values().stream().anyMatch(start -> start.root().equals(directory));
  }

  /** The container's root directory is not marked. */
  void forget(Path rootPath) {
    byRuntime.values().removeIf(start -> start.rootPath().equals(rootPath));
  }

  /** Forgets those whose runtime has ended without making one, and names them. */
  List<PendingStart> abandoned() {
    List<PendingStart> gone = new ArrayList<>();
    Iterator<PendingStart> starts = byRuntime.values().iterator();
    while (starts.hasNext()) {
      PendingStart start = starts.next();
      if (processes.mountNs(start.command().pid()) == 0) {
        gone.add(start);
        starts.remove();
      }
    }
    return gone;
  }
}
