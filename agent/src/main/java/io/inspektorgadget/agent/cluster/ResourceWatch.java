// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Follows the resources of one kind: lists and watches them, again and again until the API server
 * answers. Of what it has seen it keeps only who it was, so that a node does not remember what all
 * nodes wrote. Its owner closes it.
 *
 * @param <T> the kind
 */
public final class ResourceWatch<T extends HasMetadata> implements AutoCloseable {
  private final SharedIndexInformer<T> informer;
  private final Listener<T> listener;
  private final Outage outage;
  private CompletableFuture<Void> known = new CompletableFuture<>();

  /**
   * What has become of resources; called one at a time, by threads of the client.
   *
   * @param <T> their kind
   */
  public interface Listener<T> {
    /** A resource is there, new or changed. */
    void present(T resource);

    /** A resource is there no more; of the last one seen the metadata may be all that is given. */
    void gone(T resource);
  }

  /**
   * Which resources.
   *
   * @param <T> their kind
   * @param doing what following them is called when it does not work: {@code watching Traces}
   * @param selection those that are followed; needs the rights to list and to watch them
   * @param empty makes one without content
   */
  public record Subject<T extends HasMetadata>(
      String doing, Informable<T> selection, Supplier<T> empty) {}

  private ResourceWatch(Subject<T> subject, Listener<T> listener, Outage outage) {
    this.listener = listener;
    this.outage = outage;
    this.informer =
        subject.selection().runnableInformer(0).itemStore(new Identities<>(subject.empty()));
    informer.addEventHandler(new Changes());
    informer.exceptionHandler((started, e) -> outage.explain(subject.doing(), e));
  }

  /**
   * Starts to follow, and returns at once.
   *
   * @param outage is told when it does not work and when it works again
   */
  public static <T extends HasMetadata> ResourceWatch<T> start(
      Subject<T> subject, Listener<T> listener, Outage outage) {
    ResourceWatch<T> watch = new ResourceWatch<>(subject, listener, outage);
    watch.known = watch.informer.start().toCompletableFuture();
    return watch;
  }

  /**
   * Waits until those are known that are there now.
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
      // The outage was told why, and it is not tried again: it was closed.
      return false;
    }
  }

  /** Keeps what the informer itself needs: names, and versions to notice changes by. */
  private static final class Identities<T extends HasMetadata> extends BasicItemStore<T> {
    private final Supplier<T> empty;

    Identities(Supplier<T> empty) {
      super(Cache::metaNamespaceKeyFunc);
      this.empty = empty;
    }

    @Override
    public T put(String key, T resource) {
      ObjectMeta whole = resource.getMetadata();
      T identity = empty.get();
      identity.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(whole.getNamespace())
              .withName(whole.getName())
              .withUid(whole.getUid())
              .withResourceVersion(whole.getResourceVersion())
              .build());
      return super.put(key, identity);
    }

    @Override
    public boolean isFullState() {
      return false;
    }
  }

  private final class Changes implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T resource) {
      outage.isOver();
      listener.present(resource);
    }

    @Override
    public void onUpdate(T before, T resource) {
      onAdd(resource);
    }

    @Override
    public void onDelete(T resource, boolean stateUnknown) {
      outage.isOver();
      listener.gone(resource);
    }
  }

  @Override
  public void close() {
    informer.stop();
  }
}
