// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.Identity;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.containers.identity.OciConfig;
import io.inspektorgadget.containers.identity.RuntimeCommand;
import io.inspektorgadget.kernel.fanotify.FileKey;
import io.inspektorgadget.kernel.fanotify.HeldThread;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The containers that runtimes are making: each runtime's process that was held at its start, and
 * what the first process of its container must open or execute. Used by one thread.
 */
final class PendingStarts {
  private static final int DEPTH_MAX = 8;
  private static final int REHEARSALS = 15;
  private static final int REHEARSED_WORDS = 100;
  private static final Set<String> WANTED_WITHOUT_PIVOT =
      Set.of("annotations", "root.path", "process.args", "process.env", "process.cwd");
  private static final String NO_PIVOT = "--no-pivot";
  private static final String DEFAULT_ROOT = "rootfs";
  private static final String CONFIG = "config.json";
  private static final byte[] REHEARSED_CONFIG =
      ("{\"process\":{\"env\":["
              + "\"NAME=value\",".repeat(REHEARSED_WORDS)
              + "0]},\"root\":{\"path\":\"rootfs\",\"readonly\":true},\"annotations\":{\"a\":\"b\"}}")
          .getBytes(StandardCharsets.UTF_8);

  private final HostFilesystem host;
  private final HostProcesses processes;
  private final long ownMountNs;
  private final Optional<FileKey> hostRoot;
  private final Map<Long, PendingStart> byRuntime = new LinkedHashMap<>();
  private final List<PendingStart> gone = new ArrayList<>();
  private final CreatedContainers created;

  /** None yet. */
  PendingStarts(HostFilesystem host, HostProcesses processes) {
    this.host = host;
    this.processes = processes;
    this.hostRoot = FileKey.of(host.root());
    this.ownMountNs = processes.mountNs(ProcessHandle.current().pid());
    this.created = new CreatedContainers(host, processes, ownMountNs);
  }

  /**
   * A container that is being made.
   *
   * @param command how its runtime was called
   * @param runtimeMountNs the mount namespace of the runtime, in which the container is not
   * @param awaited what its first process will do
   * @param config what its bundle says
   * @param identity who it will be, null until that is found out
   */
  record PendingStart(
      Birth.Command command,
      long runtimeMountNs,
      Awaited awaited,
      OciConfig config,
      @Nullable Identity identity) {}

  /**
   * What a first process does in its final mount namespace: it opens its root directory to make it
   * the root, or, where the runtime is told not to, first of all executes its program.
   *
   * @param opensRoot true for the directory, false for the program
   * @param path which, as this process finds it
   * @param file the same as a file
   */
  record Awaited(boolean opensRoot, Path path, FileKey file) {}

  /**
   * A first process that has opened its root directory, or is about to execute its program.
   *
   * @param start its container
   * @param pid its number
   */
  record FirstOpen(PendingStart start, long pid) {}

  /**
   * A runtime is held at its own start.
   *
   * @param thread the thread that starts it
   * @param words its command line
   * @param command what that asks it to do
   * @return empty if it makes no container, or one that cannot be followed so
   */
  Optional<PendingStart> begin(HeldThread thread, List<String> words, RuntimeCommand command) {
    if (!command.isBirth() || thread.mountNs() == 0) {
      return Optional.empty();
    }
    long pid = thread.pid();
    String folder = command.bundle().startsWith("/") ? "" : processes.workingDirectory(pid);
    String bundle = absolute(folder, command.bundle());
    if (bundle.isEmpty()) {
      return Optional.empty();
    }
    long mountNs = thread.mountNs();
    boolean opensRoot = !words.contains(NO_PIVOT);
    Set<String> wanted = opensRoot ? OciConfig.WANTED : WANTED_WITHOUT_PIVOT;
    JsonFile config = config(view(pid, mountNs, bundle), wanted);
    OciConfig said = OciConfig.of(config);
    String root = said.rootPath().isEmpty() ? DEFAULT_ROOT : said.rootPath();
    Path rootPath = view(pid, mountNs, absolute(bundle, root));
    Path awaited = opensRoot ? rootPath : FirstProgram.find(rootPath, config);
    Optional<FileKey> file = FileKey.of(awaited);
    if (file.isEmpty() || file.equals(hostRoot)) {
      // Everybody opens the host's root directory: such a container is left to the other hook.
      return Optional.empty();
    }
    Birth.Command called = new Birth.Command(pid, words, false, folder);
    PendingStart start =
        new PendingStart(called, mountNs, new Awaited(opensRoot, awaited, file.get()), said, null);
    PendingStart before = byRuntime.put(pid, start);
    if (before != null) {
      gone.add(before);
    }
    return Optional.of(start);
  }

  /** Does what will be done while others wait until it is quick: code that rarely ran is slow. */
  void rehearse(long pid) {
    HeldThread thread = new HeldThread(pid, pid, processes.parent(pid), ownMountNs, 0, 0);
    try {
      for (int i = 0; i < REHEARSALS; i++) {
        JsonFile.parse(CONFIG, REHEARSED_CONFIG, OciConfig.WANTED);
        begin(thread, Birth.REHEARSED, RuntimeCommand.parse(Birth.REHEARSED, false));
        hostRoot.ifPresent(directory -> opened(directory, thread));
        abandoned();
      }
    } catch (IOException e) {
      throw new IllegalStateException("rehearsing the start of a container", e);
    }
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

  private static JsonFile config(Path bundle, Set<String> wanted) {
    try {
      return JsonFile.read(bundle.resolve(CONFIG), wanted);
    } catch (IOException e) {
      // No bundle, so the runtime will fail too; if not, the usual names are the best guess.
      return JsonFile.EMPTY;
    }
  }

  /**
   * A thread is held at opening a root directory, or at executing a first program. If it is of a
   * container's first process, the container is pending no more.
   */
  Optional<FirstOpen> opened(FileKey file, HeldThread opener) {
    long first = opener.pid();
    long parent = opener.parentPid();
    // A hook that the first process runs is in the container too, so the highest one counts.
    for (int i = 0; i < DEPTH_MAX && parent > 0 && needs(file); i++) {
      PendingStart start = byRuntime.get(parent);
      if (start != null) {
        if (opener.mountNs() == 0
            || opener.mountNs() == start.runtimeMountNs()
            || !start.awaited().file().equals(file)) {
          return Optional.empty();
        }
        byRuntime.remove(parent);
        return Optional.of(new FirstOpen(start, first));
      }
      first = parent;
      parent = processes.parent(first);
    }
    return openedWithoutRuntime(file, opener);
  }

  /** A runtime that detaches may have ended when the first process executes its program. */
  private Optional<FirstOpen> openedWithoutRuntime(FileKey file, HeldThread opener) {
    for (PendingStart start : byRuntime.values()) {
      boolean isFirst =
          !start.awaited().opensRoot()
              && start.awaited().file().equals(file)
              && opener.mountNs() != 0
              && opener.mountNs() != start.runtimeMountNs()
              && mountNsOfParent(opener) == start.runtimeMountNs();
      if (isFirst) {
        byRuntime.remove(start.command().pid());
        return Optional.of(new FirstOpen(start, opener.pid()));
      }
    }
    return Optional.empty();
  }

  /** Processes that lose their parent get the first one, which is not always ours to look at. */
  private long mountNsOfParent(HeldThread opener) {
    long mountNs = processes.mountNs(opener.parentPid());
    return mountNs == 0 && opener.parentPid() == 1 ? processes.hostMountNs() : mountNs;
  }

  /** It is known now who the container of this runtime's process will be. */
  void identify(long runtimePid, Identity identity) {
    byRuntime.computeIfPresent(
        runtimePid,
        (pid, start) ->
            new PendingStart(
                start.command(),
                start.runtimeMountNs(),
                start.awaited(),
                start.config(),
                identity));
  }

  /** True if the first process of a pending container is to open or execute this. */
  boolean needs(FileKey file) {
    for (PendingStart start : byRuntime.values()) {
      if (start.awaited().file().equals(file)) {
        return true;
      }
    }
    return false;
  }

  /** What a first process is to open or execute is not marked. */
  void forget(Path path) {
    byRuntime.values().removeIf(start -> start.awaited().path().equals(path));
  }

  /**
   * A runtime is held at its own start, called to start a container that was created without what
   * could be held of its first process.
   *
   * @param command what it is asked to do
   * @return the container, if it is one of those
   */
  Optional<FirstOpen> begun(HeldThread runtime, RuntimeCommand command) {
    if (command.isBirth() || command.containerId().isEmpty()) {
      return Optional.empty();
    }
    sweep();
    return created.begun(runtime, command);
  }

  /** Forgets those whose runtime has ended without making one that runs, and names them. */
  List<PendingStart> abandoned() {
    sweep();
    List<PendingStart> named = List.copyOf(gone);
    gone.clear();
    return named;
  }

  private void sweep() {
    Iterator<PendingStart> starts = byRuntime.values().iterator();
    while (starts.hasNext()) {
      PendingStart start = starts.next();
      if (processes.mountNs(start.command().pid()) == 0) {
        gone.add(start);
        created.add(start);
        starts.remove();
      }
    }
  }
}
