// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * The files of the host as the processes of one mount namespace see them. Immutable.
 *
 * @param root where this process finds the root of that view
 * @param pid a process that has this view, by its id on the host; 0 for the host's own
 */
public record MountView(Path root, long pid) {
  private static final int SYMBOLIC_LINKS_MAX = 40;
  private static final Path SLASH = Path.of("/");

  /** The host's own view. */
  public static MountView ofHost(HostFilesystem host) {
    return new MountView(host.root(), 0);
  }

  /** The view of a process. */
  public static MountView ofProcess(HostProcesses processes, long pid) {
    return new MountView(processes.root(pid), pid);
  }

  /**
   * Where this process finds a path of the view. Symbolic links lead to where they lead in the
   * view, never out of it; where nothing is there, the path that would be it.
   *
   * @param path absolute, as a process of the view names it
   */
  public Path resolve(String path) {
    if (root.equals(SLASH)) {
      return SLASH.resolve(path);
    }
    Deque<Path> rest = new ArrayDeque<>();
    push(rest, Path.of(path));
    Path at = SLASH;
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop().toString();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        at = Objects.requireNonNullElse(at.getParent(), SLASH);
        continue;
      }
      Path next = at.resolve(name);
      Path target = links < SYMBOLIC_LINKS_MAX ? targetOf(next) : next;
      if (target.equals(next)) {
        at = next;
      } else {
        links++;
        at = target.isAbsolute() ? SLASH : at;
        push(rest, target);
      }
    }
    return below(at);
  }

  private Path below(Path inView) {
    return root.resolve(SLASH.relativize(inView));
  }

  /** Where a link leads; the path itself if it is none. */
  private Path targetOf(Path inView) {
    Path here = below(inView);
    if (!Files.isSymbolicLink(here)) {
      return inView;
    }
    try {
      return Files.readSymbolicLink(here);
    } catch (IOException e) {
      // Removed a moment ago: there is nothing to follow.
      return inView;
    }
  }

  private static void push(Deque<Path> rest, Path path) {
    List<Path> names = new ArrayList<>();
    path.forEach(names::add);
    names.reversed().forEach(rest::push);
  }
}
