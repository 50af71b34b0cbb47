// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** Makes the client by which an agent reaches the API server. */
public final class ClusterClient {
  private static final int REQUEST_TIMEOUT_MS = 10_000;
  private static final int CONNECTION_TIMEOUT_MS = 5_000;
  private static final int WATCH_RETRY_INTERVAL_MS = 500;

  private ClusterClient() {}

  /**
   * A client for the cluster that this pod is in, or the one that {@code KUBECONFIG} names. The
   * caller closes it.
   */
  public static KubernetesClient ofSurroundings() {
    return of(Config.autoConfigure(null));
  }

  /** A client for a cluster. The caller closes it. */
  public static KubernetesClient of(Config cluster) {
    Config config =
        new ConfigBuilder(cluster)
            .withRequestTimeout(REQUEST_TIMEOUT_MS)
            .withConnectionTimeout(CONNECTION_TIMEOUT_MS)
            // Whoever asks knows better when to ask again than the client does.
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(WATCH_RETRY_INTERVAL_MS)
            .withWatchReconnectLimit(-1)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
