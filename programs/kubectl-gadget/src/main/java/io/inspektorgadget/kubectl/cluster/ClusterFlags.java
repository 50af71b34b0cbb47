// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.cluster;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import java.util.List;

/** The flags that say which cluster is meant, named as kubectl names them. */
public final class ClusterFlags {
  /** The file that says where clusters are. */
  public static final Flag KUBECONFIG =
      Flag.ofValue(
          FlagGroup.CLUSTER,
          "--kubeconfig",
          "FILE",
          "where the cluster is [default: KUBECONFIG, then ~/.kube/config]");

  /** One of the contexts in it. */
  public static final Flag CONTEXT =
      Flag.ofValue(
          FlagGroup.CLUSTER, "--context", "NAME", "a context of the kubeconfig, not its current");

  /** How long an API server may take. */
  public static final Flag REQUEST_TIMEOUT =
      Flag.ofValue(
          FlagGroup.CLUSTER,
          "--request-timeout",
          "SECONDS",
          "how long a request to the cluster may take; 0: no limit [default: 10]");

  private ClusterFlags() {}

  /** All of them. */
  public static List<Flag> all() {
    return List.of(KUBECONFIG, CONTEXT, REQUEST_TIMEOUT);
  }
}
