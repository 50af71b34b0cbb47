// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.containers.ContainerListener;
import io.inspektorgadget.containers.Subscription;
import io.inspektorgadget.kernel.io.HangupWatch;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.LossReport;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends containers that come and go to a sink until somebody stops it. The collection calls the
 * listener one call at a time, so the sink needs no lock.
 */
final class ContainerWatch implements ContainerListener {
  private static final String LATE_SOURCE = "containers";

  private final ContainerFields fields;
  private final EventSink sink;
  private final StandardError err;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile @Nullable RuntimeException failure;
  private long lateTotal;

  /**
   * A watch that has not begun.
   *
   * @param fields what is told of a container
   * @param sink receives it
   * @param err for what went wrong without ending the watch
   */
  ContainerWatch(ContainerFields fields, EventSink sink, StandardError err) {
    this.fields = fields;
    this.sink = sink;
    this.err = err;
  }

  /**
   * Watches.
   *
   * @param start starts the collection, which is closed at the end
   * @param timeoutMs how long at most; 0: until it is stopped
   * @throws RuntimeException if the sink does
   */
  void run(
      Supplier<ContainerCollection> start,
      ContainerSelector selector,
      StopRequests stops,
      long timeoutMs) {
    stops.whenStopped(end::countDown);
    sink.opened(fields.source());
    try (ContainerCollection containers = start.get();
        ContainerWarnings _ = ContainerWarnings.follow(containers, err);
        Subscription _ = containers.subscribe(selector, this);
        HangupWatch _ = HangupWatch.of(HostRun.STANDARD_OUTPUT, end::countDown)) {
      await(timeoutMs);
    }
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    sink.ended(new EndCause.Stopped());
  }

  @SuppressWarnings("ResultOfMethodCallIgnored") // The end of the time is an end like others.
  private void await(long timeoutMs) {
    try {
      if (timeoutMs == 0) {
        end.await();
      } else {
        end.await(timeoutMs, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("watching containers: interrupted", "", e);
    }
  }

  private void print(ContainerInfo container, String change) {
    if (failure != null) {
      return;
    }
    try {
      sink.event(new ContainerRow(fields, container, change, Instant.now()));
      sink.batchEnd(fields.source());
    } catch (RuntimeException e) {
      failure = e;
      end.countDown();
    }
  }

  @Override
  public void late(long count) {
    lateTotal += count;
    sink.loss(new LossReport(LossReport.Stage.LATE_START, LATE_SOURCE, count, lateTotal));
  }

  @Override
  public void added(ContainerInfo container) {
    print(container, "CREATED");
  }

  @Override
  public void changed(ContainerInfo container) {
    print(container, "UPDATED");
  }

  @Override
  public void removed(ContainerInfo container) {
    print(container, "DELETED");
  }

  @Override
  public void namespaceAdded(ContainerInfo container) {
    // A namespace that a container made for itself is no container of its own.
  }

  @Override
  public void namespaceRemoved(ContainerInfo container) {
    // The counterpart of the above.
  }
}
