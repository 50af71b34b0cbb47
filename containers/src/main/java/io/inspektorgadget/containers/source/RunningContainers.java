// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.Identity;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes containers of what a place on disk says and of what their first process shows. */
final class RunningContainers {
  private final HostFilesystem host;
  private final HostProcesses processes;

  RunningContainers(HostFilesystem host, HostProcesses processes) {
    this.host = host;
    this.processes = processes;
  }

  HostFilesystem host() {
    return host;
  }

  HostProcesses processes() {
    return processes;
  }

  /** The container whose first process this is; empty if the process is gone or it is a sandbox. */
  Optional<ContainerInfo> of(Candidate candidate, long pid) {
    long mountNs = pid > 0 ? processes.mountNs(pid) : 0;
    if (mountNs == 0) {
      return Optional.empty();
    }
    Identity identity = Identity.of(host, processes, candidate);
    if (identity.isSandbox()) {
      return Optional.empty();
    }
    return Optional.of(
        identity.container(
            pid, new MountNs(mountNs, 0), processes.netNs(pid), processes.cgroup(pid)));
  }

  /** The subfolders of a folder, sorted; empty if it is not there or not readable. */
  static List<Path> subfolders(Path folder) {
    List<Path> subfolders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(subfolders::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // A runtime that is not installed, or a container that ended meanwhile.
      return List.of();
    }
    subfolders.sort(null);
    return subfolders;
  }
}
