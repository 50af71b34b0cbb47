// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.Quantity;
import io.inspektorgadget.trace.client.ClusterClient;
import io.inspektorgadget.trace.client.ClusterException;
import io.inspektorgadget.trace.client.ClusterFailure;
import io.inspektorgadget.trace.client.Kubeconfig;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A cluster that a user means, and the way to it. The opener closes it. Safe for concurrent use.
 */
public final class Cluster implements AutoCloseable {
  private static final int REQUEST_TIMEOUT_MS = 10_000;

  private final KubernetesClient client;
  private final String namespace;
  private final ClusterFailure failure;

  private Cluster(KubernetesClient client, String namespace, String serverUrl) {
    this.client = client;
    this.namespace = namespace;
    this.failure = new ClusterFailure(serverUrl);
  }

  /**
   * Makes the way to the cluster; asks it nothing yet.
   *
   * @throws ClusterException if the kubeconfig cannot be read or names none
   */
  public static Cluster open(ParsedFlags flags, Map<String, String> environment) {
    String timeout = flags.text(ClusterFlags.REQUEST_TIMEOUT);
    long timeoutMs =
        timeout.isEmpty()
            ? REQUEST_TIMEOUT_MS
            : Quantity.durationMs(ClusterFlags.REQUEST_TIMEOUT, timeout);
    Config config =
        new Kubeconfig(flags.text(ClusterFlags.KUBECONFIG), flags.text(ClusterFlags.CONTEXT))
            .read(environment);
    // For so few requests a connection each is ready sooner than one that carries them all.
    config.setHttp2Disable(true);
    String current = config.getNamespace();
    KubernetesClient client;
    try {
      client = ClusterClient.of(config, (int) Math.min(timeoutMs, Integer.MAX_VALUE));
    } catch (RuntimeException e) {
      throw new ClusterException(
          "reading the kubeconfig: its credentials cannot be used: " + e.getMessage(), e);
    }
    return new Cluster(
        client, current == null || current.isEmpty() ? "default" : current, config.getMasterUrl());
  }

  /** The client, which stays this cluster's. */
  public KubernetesClient client() {
    return client;
  }

  /** Where its API server is. */
  public String serverUrl() {
    return failure.serverUrl();
  }

  /** The namespace that is meant where none is named. */
  public String namespace() {
    return namespace;
  }

  /**
   * Asks the cluster something.
   *
   * @param doing what for, such as {@code listing the gadget pods}; begins the error
   * @throws ClusterException if the cluster does not do it
   */
  public <T> T ask(String doing, Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw failure.explained(doing, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
