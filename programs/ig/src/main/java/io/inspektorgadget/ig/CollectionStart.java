// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.tracers.run.CollectionPromise;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A collection of containers that starts on a thread of its own, while the gadget's object is
 * opened and loaded. Safe for concurrent use; whoever began it closes it.
 */
final class CollectionStart implements CollectionPromise, AutoCloseable {
  private final FutureTask<ContainerCollection> start;

  private CollectionStart(FutureTask<ContainerCollection> start) {
    this.start = start;
  }

  /** Begins to start one. */
  static CollectionStart begin(HostFilesystem host, CollectionOptions options) {
    FutureTask<ContainerCollection> task =
        new FutureTask<>(() -> {
          // The gadget's thread needs it as soon as it has read its command line.
          BpfObject.openLibraryEarly();
          return ContainerCollection.start(host, options);
        });
    Thread thread = new Thread(task, "containers-start");
    thread.setDaemon(true);
    thread.start();
    return new CollectionStart(task);
  }

  /**
   * Waits for it.
   *
   * @throws RuntimeException if it cannot be started, each time it is asked for
   */
  @Override
  public ContainerCollection get() {
    try {
      return start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new RunException("noticing containers: " + e.getCause(), "", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("noticing containers: interrupted", "", e);
    }
  }

  @Override
  public boolean isReady() {
    return start.isDone();
  }

  /** Waits for the start and closes what it has started. */
  @Override
  public void close() {
    ContainerCollection started;
    try {
      started = get();
    } catch (RuntimeException e) {
      // Nothing was started; whoever needed it has been told why by get().
      return;
    }
    started.close();
  }
}
