// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code state.json} that runc writes of each of its containers. */
public final class RuncStates implements ContainerSource {
  private static final String OWN_ROOT = "/run/runc";

  /** Where engines keep the states of the runc that they start, one subfolder a namespace. */
  private static final List<String> ENGINE_ROOTS =
      List.of("/run/containerd/runc", "/run/docker/runtime-runc");

  private static final Set<String> WANTED =
      Set.of("id", "init_process_pid", "init_process_start", "created", "config.labels");
  private static final String BUNDLE_LABEL = "bundle=";
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final RunningContainers containers;
  private final List<String> roots;

  /**
   * The states on this host.
   *
   * @param furtherRoots folders of states beside the usual ones
   */
  public RuncStates(HostFilesystem host, HostProcesses processes, List<String> furtherRoots) {
    this.containers = new RunningContainers(host, processes);
    this.roots = List.copyOf(furtherRoots);
  }

  @Override
  public String name() {
    return "runc";
  }

  @Override
  public List<ContainerInfo> scan() {
    List<ContainerInfo> found = new ArrayList<>();
    HostFilesystem host = containers.host();
    scanRoot(host.resolve(OWN_ROOT), found);
    for (String root : roots) {
      scanRoot(host.resolve(root), found);
    }
    for (String engineRoot : ENGINE_ROOTS) {
      for (Path namespace : RunningContainers.subfolders(host.resolve(engineRoot))) {
        scanRoot(namespace, found);
      }
    }
    return found;
  }

  private void scanRoot(Path root, List<ContainerInfo> found) {
    for (Path folder : RunningContainers.subfolders(root)) {
      try {
        JsonFile state = JsonFile.read(folder.resolve("state.json"), WANTED);
        container(folder, state).ifPresent(found::add);
      } catch (IOException e) {
        // Being made or removed right now: its birth or death is noticed by other means.
      }
    }
  }

  private Optional<ContainerInfo> container(Path folder, JsonFile state) {
    long pid = state.number("init_process_pid");
    long startTicks = state.number("init_process_start");
    if (pid <= 0 || (startTicks != 0 && containers.processes().startTicks(pid) != startTicks)) {
      // Not running, or the process's number belongs to another one by now.
      return Optional.empty();
    }
    String id = state.text("id");
    String bundle = "";
    for (String label : state.list("config", "labels")) {
      if (label.startsWith(BUNDLE_LABEL)) {
        bundle = label.substring(BUNDLE_LABEL.length());
      }
    }
    if (id.isEmpty()) {
      id = folder.getFileName().toString();
    }
    long startedAtNs = timeNs(state.text("created"));
    return containers.of(new Candidate("runc", id, bundle, 0, startedAtNs), pid);
  }

  private static long timeNs(String time) {
    try {
      Instant instant = Instant.parse(time);
      return instant.getEpochSecond() * NS_PER_SECOND + instant.getNano();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }
}
