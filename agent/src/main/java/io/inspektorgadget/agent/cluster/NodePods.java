// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.inspektorgadget.model.container.PodInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private final PodDirectory directory = new PodDirectory();
  private final Consumer<UnaryOperator<PodInfo>> changed;
  private final Outage outage;
  private final SharedIndexInformer<Pod> informer;
  private CompletableFuture<Void> known = new CompletableFuture<>();

  private NodePods(
      KubernetesClient client,
      String nodeName,
      Consumer<UnaryOperator<PodInfo>> changed,
      Consumer<String> messages) {
    this.changed = changed;
    this.outage = new Outage(messages);
    this.informer =
        client
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", nodeName)
            .runnableInformer(0)
            .itemStore(new Slim());
    informer.addEventHandler(new Changes());
    informer.exceptionHandler((started, e) -> outage.explain("watching the node's pods", e));
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
    NodePods pods = new NodePods(client, nodeName, changed, messages);
    pods.known = pods.informer.start().toCompletableFuture();
    return pods;
  }

  /**
   * Waits until the pods are known that are there now.
   *
   * @param timeoutMs how long at most, in milliseconds
   * @return false if they are not known yet
   */
  public boolean awaitKnown(long timeoutMs) throws InterruptedException {
    try {
      known.get(timeoutMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      // The informer has said why, and is not trying again: it was closed.
      return false;
    }
  }

  /** Keeps of a pod what the informer itself needs; the rest is in the directory, or of no use. */
  private static final class Slim extends BasicItemStore<Pod> {
    Slim() {
      super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public Pod put(String key, Pod pod) {
      return super.put(
          key,
          new PodBuilder()
              .withMetadata(
                  new ObjectMetaBuilder()
                      .withNamespace(pod.getMetadata().getNamespace())
                      .withName(pod.getMetadata().getName())
                      .withUid(pod.getMetadata().getUid())
                      .withResourceVersion(pod.getMetadata().getResourceVersion())
                      .build())
              .build());
    }

    @Override
    public boolean isFullState() {
      return false;
    }
  }

  /** What has become of pods; called by the informer, one at a time. */
  private final class Changes implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      put(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      put(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {
      directory.remove(pod);
    }

    private void put(Pod pod) {
      outage.isOver();
      if (directory.put(pod)) {
        changed.accept(directory);
      }
    }
  }

  @Override
  public void close() {
    informer.stop();
  }
}
