// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

/** The bundles of containerd's tasks: {@code …/io.containerd.runtime.v2.task/NAMESPACE/ID}. */
public final class TaskBundle {
  private static final String FOLDER = "/io.containerd.runtime.v2.task/";

  /** The namespace in which Docker's daemon has its containers. */
  private static final String DOCKERS = "moby";

  private TaskBundle() {}

  /** The namespace of the task whose bundle this is; empty if it is of no task. */
  public static String namespace(String bundle) {
    int folder = bundle.indexOf(FOLDER);
    if (folder < 0) {
      return "";
    }
    int begin = folder + FOLDER.length();
    int end = bundle.indexOf('/', begin);
    return end < 0 ? "" : bundle.substring(begin, end);
  }

  /** The engine that the task was made for; empty if it is of no task. */
  static String engine(String bundle) {
    String namespace = namespace(bundle);
    if (namespace.isEmpty()) {
      return "";
    }
    return namespace.equals(DOCKERS) ? "docker" : "containerd";
  }
}
