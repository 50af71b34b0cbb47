// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.containers.identity.Candidate;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.containers.identity.MountView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What OCI runtimes write down of each of their containers, in a folder of its id: runc and youki
 * as {@code state.json}, crun as {@code status}. Podman, CRI-O, containerd and Docker order their
 * containers from these runtimes, so theirs are found too.
 */
public final class RuntimeStates implements ContainerSource {
  /** A folder of containers' folders, and the runtime that writes there. */
  private record Root(String path, String runtime) {}

  private static final List<Root> OWN_ROOTS =
      List.of(
          new Root("/run/runc", "runc"),
          new Root("/run/crun", "crun"),
          new Root("/run/youki", "youki"));

  /** Where engines keep the states of the runtimes that they start, one subfolder a namespace. */
  private static final List<String> ENGINE_ROOTS =
      List.of("/run/containerd/runc", "/run/docker/runtime-runc");

  /** Where users without root have folders like /run, and which folders are in these. */
  private static final String USERS = "/run/user";

  private static final List<String> USER_RUNTIMES = List.of("runc", "crun");

  private static final Set<String> WANTED_OF_STATE =
      Set.of(
          "id",
          "pid",
          "bundle",
          "init_process_pid",
          "init_process_start",
          "created",
          "config.labels");
  private static final Set<String> WANTED_OF_STATUS =
      Set.of("pid", "process-start-time", "bundle", "created");
  private static final String BUNDLE_LABEL = "bundle=";
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final List<String> furtherRoots;

  /**
   * The states of all runtimes.
   *
   * @param furtherRoots folders of states beside the usual ones
   */
  public RuntimeStates(List<String> furtherRoots) {
    this.furtherRoots = List.copyOf(furtherRoots);
  }

  @Override
  public String name() {
    return "runtime states";
  }

  /**
   * The first process of one container, as its runtime wrote it down.
   *
   * @param view how the runtime sees files, by a process that sees numbers as the runtime does
   * @param root the runtime's folder of states, empty for the usual ones
   * @return its number on the host; 0 if there is no such container, or its process has ended
   */
  public static long firstProcess(HostProcesses processes, MountView view, String root, String id) {
    ProcessNumbers numbers = new ProcessNumbers(processes, view.pid());
    for (Path folder : root.isEmpty() ? usualRoots(view) : List.of(view.resolve(root))) {
      try {
        State state = state(folder.resolve(id), "");
        long pid = state.pid() > 0 ? numbers.onHost(state.pid()) : 0;
        if (pid > 0 && isOf(processes, pid, state.startTicks())) {
          return pid;
        }
      } catch (IOException e) {
        // Of another runtime, then; or not there at all.
      }
    }
    return 0;
  }

  private static boolean isOf(HostProcesses processes, long pid, long startTicks) {
    return startTicks == 0 || processes.startTicks(pid) == startTicks;
  }

  private static List<Path> usualRoots(MountView view) {
    List<Path> roots = new ArrayList<>();
    OWN_ROOTS.forEach(root -> roots.add(view.resolve(root.path())));
    for (Path user : FoundContainers.subfolders(view.resolve(USERS))) {
      USER_RUNTIMES.forEach(runtime -> roots.add(user.resolve(runtime)));
    }
    return roots;
  }

  @Override
  public void scan(FoundContainers found) {
    for (Root root : OWN_ROOTS) {
      scanRoot(found, found.view().resolve(root.path()), root.runtime());
    }
    for (String root : furtherRoots) {
      scanRoot(found, found.view().resolve(root), "runc");
    }
    for (String engineRoot : ENGINE_ROOTS) {
      for (Path namespace : FoundContainers.subfolders(found.view().resolve(engineRoot))) {
        scanRoot(found, namespace, "runc");
      }
    }
    for (Path user : FoundContainers.subfolders(found.view().resolve(USERS))) {
      USER_RUNTIMES.forEach(runtime -> scanRoot(found, user.resolve(runtime), runtime));
    }
  }

  private static void scanRoot(FoundContainers found, Path root, String runtime) {
    for (Path folder : FoundContainers.subfolders(root)) {
      try {
        state(folder, runtime).tell(found);
      } catch (IOException e) {
        // Being made or removed right now: its birth or death is noticed by other means.
      }
    }
  }

  private static State state(Path folder, String runtime) throws IOException {
    Path status = folder.resolve("status");
    if (runtime.equals("crun") || Files.isRegularFile(status)) {
      return ofCrun(folder, JsonFile.read(status, WANTED_OF_STATUS));
    }
    return ofRunc(folder, JsonFile.read(folder.resolve("state.json"), WANTED_OF_STATE), runtime);
  }

  /** What a runtime wrote; the start of the process in clock ticks since boot, 0 if unsaid. */
  private record State(
      String runtime, String id, String bundle, long pid, long startTicks, long startedAtNs) {

    void tell(FoundContainers found) {
      List<Long> view = List.of(found.view().pid());
      found.add(new Candidate(runtime, id, bundle, view, startedAtNs), pid, startTicks);
    }
  }

  private static State ofRunc(Path folder, JsonFile state, String runtime) {
    String id = state.text("id");
    long initPid = state.number("init_process_pid");
    String bundle = state.text("bundle");
    for (String label : state.list("config", "labels")) {
      if (label.startsWith(BUNDLE_LABEL)) {
        bundle = label.substring(BUNDLE_LABEL.length());
      }
    }
    return new State(
        runtime,
        id.isEmpty() ? folder.getFileName().toString() : id,
        bundle,
        initPid == 0 ? state.number("pid") : initPid,
        state.number("init_process_start"),
        timeNs(state.text("created")));
  }

  private static State ofCrun(Path folder, JsonFile status) {
    return new State(
        "crun",
        folder.getFileName().toString(),
        status.text("bundle"),
        status.number("pid"),
        status.number("process-start-time"),
        timeNs(status.text("created")));
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
