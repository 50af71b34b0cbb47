// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.nio.file.Path;
import java.util.Map;

/**
 * How an agent runs.
 *
 * @param nodeName the node whose Traces and containers are its own
 * @param host where the host's files are
 * @param socket where clients find it
 * @param collection what Container-Collection looks at
 */
public record AgentOptions(
    String nodeName, HostFilesystem host, Path socket, CollectionOptions collection) {
  /** Environment variable with the node's name; the DaemonSet sets it. */
  public static final String NODE_VARIABLE = "NODE_NAME";

  /** Environment variable with the path of the socket, if it is not the usual one. */
  public static final String SOCKET_VARIABLE = "GADGET_TRACER_MANAGER_SOCKET";

  private static final String SOCKET = "/run/gadgettracermanager.socket";

  /**
   * Reads the environment of a pod.
   *
   * @throws IllegalArgumentException if the node's name is missing, or the host's root is no
   *     absolute path
   */
  public static AgentOptions of(Map<String, String> environment) {
    String nodeName = environment.getOrDefault(NODE_VARIABLE, "");
    if (nodeName.isEmpty()) {
      throw new IllegalArgumentException(
          "reading the environment: "
              + NODE_VARIABLE
              + " is not set (in a pod: fieldRef spec.nodeName)");
    }
    String root = environment.getOrDefault(HostFilesystem.ROOT_VARIABLE, "");
    return new AgentOptions(
        nodeName,
        new HostFilesystem(Path.of(root.isEmpty() ? "/" : root)),
        Path.of(environment.getOrDefault(SOCKET_VARIABLE, SOCKET)),
        CollectionOptions.OF_PROGRAMS);
  }
}
