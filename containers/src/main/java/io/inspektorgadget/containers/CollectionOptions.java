// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.util.List;

/**
 * What a collection looks at. All paths are the host's, absolute.
 *
 * @param runtimePaths binaries of OCI runtimes beside those at the usual places; unmodifiable
 * @param runcRoots folders where runc keeps its state, beside {@code /run/runc} and those that
 *     containerd and Docker use; unmodifiable
 * @param containerdTaskRoots containerd's folders of running tasks, one subfolder a namespace;
 *     unmodifiable
 * @param followsBirths false: containers that start later are not noticed, and no kernel program is
 *     loaded
 */
public record CollectionOptions(
    List<String> runtimePaths,
    List<String> runcRoots,
    List<String> containerdTaskRoots,
    boolean followsBirths) {

  private static final String CONTAINERD_TASKS = "/run/containerd/io.containerd.runtime.v2.task";
  private static final String DOCKER_TASKS =
      "/run/docker/containerd/daemon/io.containerd.runtime.v2.task";

  /** The usual places, births followed. */
  public static final CollectionOptions DEFAULTS =
      new CollectionOptions(List.of(), List.of(), List.of(CONTAINERD_TASKS, DOCKER_TASKS), true);

  public CollectionOptions {
    runtimePaths = List.copyOf(runtimePaths);
    runcRoots = List.copyOf(runcRoots);
    containerdTaskRoots = List.copyOf(containerdTaskRoots);
  }

  /** These options with further runtime binaries. */
  public CollectionOptions withRuntimePaths(List<String> paths) {
    return new CollectionOptions(paths, runcRoots, containerdTaskRoots, followsBirths);
  }

  /** These options without a kernel program: only what runs already is found. */
  public CollectionOptions withoutBirths() {
    return new CollectionOptions(runtimePaths, runcRoots, containerdTaskRoots, false);
  }
}
