// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.model.container.PodInfo;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Follows the pods of one node, for what runtimes do not write down: labels, which can change, and
 * owners. An API server that is away is asked again until it answers; what is known meanwhile stays
 * so.
 *
 * <p>It needs the rights to list and watch {@code pods} in all namespaces. Its owner closes it.
 */
public final class NodePods implements AutoCloseable {
  private final ResourceWatch<Pod> watch;

  private NodePods(ResourceWatch<Pod> watch) {
    this.watch = watch;
  }

  /**
   * Starts to follow, and returns at once.
   *
   * @param client how the API server is reached; stays the caller's, who closes it afterwards
   * @param changed is given what is known of pods, each time that it is something new; one thread
   * @param messages receives one line for each thing that an operator should know; any thread
   */
  public static NodePods start(
      KubernetesClient client,
      String nodeName,
      Consumer<UnaryOperator<PodInfo>> changed,
      Consumer<String> messages) {
    return new NodePods(
        ResourceWatch.start(
            new ResourceWatch.Subject<>(
                "watching the node's pods",
                client.pods().inAnyNamespace().withField("spec.nodeName", nodeName),
                Pod::new),
            new Listener(new PodDirectory(), changed),
            new Outage(messages)));
  }

  /**
   * Waits until the pods are known that are there now.
   *
   * @param timeoutMs how long at most, in milliseconds
   * @return false if they are not known yet
   */
  public boolean awaitKnown(long timeoutMs) throws InterruptedException {
    return watch.awaitKnown(timeoutMs);
  }

  /** Takes what is new into the directory. */
  private record Listener(PodDirectory directory, Consumer<UnaryOperator<PodInfo>> changed)
      implements ResourceWatch.Listener<Pod> {
    @Override
    public void present(Pod pod) {
      if (directory.put(pod)) {
        changed.accept(directory);
      }
    }

    @Override
    public void gone(Pod pod) {
      directory.remove(pod);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
