// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.Identity;
import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Collects what sources find in one view of the files: each mount namespace once, told by the first
 * source that has it. A container that is known already is not read again. Single thread.
 */
public final class FoundContainers {
  private final HostFilesystem host;
  private final HostProcesses processes;
  private final MountView view;
  private final ProcessNumbers numbers;
  private final LongPredicate isKnown;
  private final List<ContainerInfo> containers = new ArrayList<>();
  private final Set<Long> mountNamespaces = new HashSet<>();

  /**
   * Nothing found yet.
   *
   * @param view how the runtimes see files
   * @param isKnown true for the inode of a mount namespace whose container need not be read
   */
  public FoundContainers(
      HostFilesystem host, HostProcesses processes, MountView view, LongPredicate isKnown) {
    this.host = host;
    this.processes = processes;
    this.view = view;
    this.numbers = new ProcessNumbers(processes, view.pid());
    this.isKnown = isKnown;
  }

  /** How the runtimes see files. */
  public MountView view() {
    return view;
  }

  /** The containers in the order in which they were found; those of a pod's namespaces left out. */
  public List<ContainerInfo> containers() {
    return List.copyOf(containers);
  }

  /** The mount namespaces that are explained, by their inodes; those of sandboxes too. */
  public Set<Long> mountNamespaces() {
    return Set.copyOf(mountNamespaces);
  }

  /**
   * Adds the container whose first process this is, unless the process is gone, or its number
   * belongs to another one by now.
   *
   * @param pidInView the process's number as the runtime sees it
   * @param startTicks when the process was started, in clock ticks since boot; 0 if unknown
   */
  void add(Candidate candidate, long pidInView, long startTicks) {
    long pid = pidInView > 0 ? numbers.onHost(pidInView) : 0;
    if (pid <= 0 || (startTicks != 0 && processes.startTicks(pid) != startTicks)) {
      return;
    }
    long mountNs = processes.mountNs(pid);
    if (mountNs == 0 || !mountNamespaces.add(mountNs) || isKnown.test(mountNs)) {
      return;
    }
    long startedAtNs =
        candidate.startedAtNs() == 0 ? processes.startedAtNs(pid) : candidate.startedAtNs();
    Identity identity = Identity.of(host, processes, candidate.startedAt(startedAtNs));
    if (!identity.isSandbox()) {
      containers.add(
          identity.container(
              pid, new MountNs(mountNs, 0), processes.netNs(pid), processes.cgroup(pid)));
    }
  }

  /** The subfolders of a folder, sorted; empty if it is not there or not readable. */
  static List<Path> subfolders(Path folder) {
    List<Path> subfolders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(subfolders::add);
    } catch (IOException | DirectoryIteratorException e) {
      // A runtime that is not installed, or a container that ended meanwhile.
      return List.of();
    }
    subfolders.sort(null);
    return subfolders;
  }
}
