// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bundles of containerd's running tasks, of every namespace: {@code NAMESPACE/ID}. */
public final class ContainerdTasks implements ContainerSource {
  private static final long PID_FILE_SIZE_MAX_BYTES = 32;

  private final RunningContainers containers;
  private final List<String> roots;

  /**
   * The tasks on this host.
   *
   * @param roots folders of tasks
   */
  public ContainerdTasks(HostFilesystem host, HostProcesses processes, List<String> roots) {
    this.containers = new RunningContainers(host, processes);
    this.roots = List.copyOf(roots);
  }

  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public List<ContainerInfo> scan() {
    List<ContainerInfo> found = new ArrayList<>();
    for (String root : roots) {
      for (Path namespace : RunningContainers.subfolders(containers.host().resolve(root))) {
        for (Path bundle : RunningContainers.subfolders(namespace)) {
          String id = bundle.getFileName().toString();
          String path = root + "/" + namespace.getFileName() + "/" + id;
          long pid = pid(bundle.resolve("init.pid"));
          long startedAtNs = containers.processes().startedAtNs(pid);
          containers
              .of(new Candidate("containerd", id, path, 0, startedAtNs), pid)
              .ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static long pid(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= PID_FILE_SIZE_MAX_BYTES) {
        return Long.parseLong(Files.readString(file).strip());
      }
    } catch (IOException | NumberFormatException e) {
      // Half written or removed: there is no such process.
      return 0;
    }
    return 0;
  }
}
