// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import io.inspektorgadget.containers.birth.RuntimeBinaries;
import io.inspektorgadget.containers.engine.EngineSockets;
import java.util.List;

/**
 * What a collection looks at, and how it notices new containers: by a kernel program that follows
 * the runtimes' processes, by holding their starts, or by both; each alone is enough. All paths are
 * the host's, absolute.
 *
 * @param runtimeFolders where binaries of OCI runtimes are looked for by their names; unmodifiable
 * @param runtimePaths binaries of OCI runtimes beside those; unmodifiable
 * @param followsEngines whether starts are also held of runtimes at the places where running
 *     engines look for theirs
 * @param runcRoots folders where runc keeps its state, beside {@code /run/runc} and those that
 *     containerd and Docker use; unmodifiable
 * @param containerdTaskRoots containerd's folders of running tasks, one subfolder a namespace;
 *     unmodifiable
 * @param followsBirths false: no kernel program is loaded
 * @param holdsStarts false: no container's start is held
 * @param engineSockets where engines are asked for what is not on disk
 */
public record CollectionOptions(
    List<String> runtimeFolders,
    List<String> runtimePaths,
    boolean followsEngines,
    List<String> runcRoots,
    List<String> containerdTaskRoots,
    boolean followsBirths,
    boolean holdsStarts,
    EngineSockets engineSockets) {

  private static final String CONTAINERD_TASKS = "/run/containerd/io.containerd.runtime.v2.task";
  private static final String DOCKER_TASKS =
      "/run/docker/containerd/daemon/io.containerd.runtime.v2.task";

  /** The usual places, births followed and no start held. */
  public static final CollectionOptions DEFAULTS =
      new CollectionOptions(
          RuntimeBinaries.USUAL_FOLDERS,
          List.of(),
          true,
          List.of(),
          List.of(CONTAINERD_TASKS, DOCKER_TASKS),
          true,
          false,
          EngineSockets.USUAL);

  /**
   * What programs use that show what happens from now on: the usual places, and both mechanisms.
   */
  public static final CollectionOptions OF_PROGRAMS = DEFAULTS.withMechanisms(true, true);

  public CollectionOptions {
    runtimeFolders = List.copyOf(runtimeFolders);
    runtimePaths = List.copyOf(runtimePaths);
    runcRoots = List.copyOf(runcRoots);
    containerdTaskRoots = List.copyOf(containerdTaskRoots);
  }

  /** These options with further runtime binaries. */
  public CollectionOptions withRuntimePaths(List<String> paths) {
    return withRuntimes(runtimeFolders, paths, followsEngines);
  }

  /** These options with runtimes in these folders and at these paths only. */
  public CollectionOptions withRuntimesOnly(List<String> folders, List<String> paths) {
    return withRuntimes(folders, paths, false);
  }

  private CollectionOptions withRuntimes(
      List<String> folders, List<String> paths, boolean alsoOfEngines) {
    return new CollectionOptions(
        folders,
        paths,
        alsoOfEngines,
        runcRoots,
        containerdTaskRoots,
        followsBirths,
        holdsStarts,
        engineSockets);
  }

  /** These options with state of runtimes and engines at other places. */
  public CollectionOptions withStateFolders(List<String> ofRunc, List<String> tasksOfContainerd) {
    return new CollectionOptions(
        runtimeFolders,
        runtimePaths,
        followsEngines,
        ofRunc,
        tasksOfContainerd,
        followsBirths,
        holdsStarts,
        engineSockets);
  }

  /** These options and nothing but what runs already is found. */
  public CollectionOptions withoutBirths() {
    return withMechanisms(false, false);
  }

  /**
   * These options with other ways to notice new containers.
   *
   * @param follows whether a kernel program follows the runtimes' processes
   * @param holds whether starts are held
   */
  public CollectionOptions withMechanisms(boolean follows, boolean holds) {
    return new CollectionOptions(
        runtimeFolders,
        runtimePaths,
        followsEngines,
        runcRoots,
        containerdTaskRoots,
        follows,
        holds,
        engineSockets);
  }

  /** These options with engines asked at other places. */
  public CollectionOptions withEngineSockets(EngineSockets sockets) {
    return new CollectionOptions(
        runtimeFolders,
        runtimePaths,
        followsEngines,
        runcRoots,
        containerdTaskRoots,
        followsBirths,
        holdsStarts,
        sockets);
  }
}
