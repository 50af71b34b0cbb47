// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.tracer;

import io.inspektorgadget.agent.stream.LineLog;
import io.inspektorgadget.agent.stream.LogSink;
import io.inspektorgadget.agent.tracer.TracerControl.Delivery;
import io.inspektorgadget.agent.tracer.TracerControl.TracerResult;
import io.inspektorgadget.agent.tracer.TracerControl.TracerStatus;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run with its log. Started once and stopped once; safe for concurrent use. */
final class Tracer {
  private static final int WARNINGS_MAX = 100;

  private final TracerId id;
  private final RunRequest request;
  private final Delivery delivery;
  private final LineLog log;
  private final List<String> warnings = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable EndCause end;
  private @Nullable GadgetRun run;
  private boolean isStopped;

  /** A tracer that is not started. */
  Tracer(TracerId id, RunRequest request, Delivery delivery, LineLog log) {
    this.id = id;
    this.request = request;
    this.delivery = delivery;
    this.log = log;
  }

  TracerId id() {
    return id;
  }

  RunRequest request() {
    return request;
  }

  LineLog log() {
    return log;
  }

  /**
   * Starts the run; returns when its programs are attached.
   *
   * @throws IllegalStateException if it was stopped before
   */
  synchronized void start(GadgetRunner runner, Rows rows) {
    if (isStopped) {
      throw new IllegalStateException("starting tracer " + id + ": it was stopped meanwhile");
    }
    List<DataSource> sources =
        request.gadget().sources().stream().map(GadgetSpec.SourceSpec::source).toList();
    run = runner.start(request, new Recorder(new LogSink(sources, rows, log)));
  }

  /** Detaches the programs of a run that is over; its thread cannot do it, as it is joined. */
  private void detachLater() {
    Thread thread = new Thread(this::detach, "tracer-end " + id);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void detach() {
    if (run != null) {
      run.close();
    }
  }

  TracerStatus status() {
    return new TracerStatus(
        id, request, delivery, Optional.ofNullable(end), log.lines(), log.readers());
  }

  boolean awaitEnd(long timeoutMs) throws InterruptedException {
    return over.await(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Ends the run if it goes on. */
  TracerResult stop() {
    synchronized (this) {
      isStopped = true;
      detach();
    }
    EndCause cause = end;
    if (cause == null) {
      // It never ran, so no event loop has said it.
      cause = new EndCause.Stopped();
      log.end(cause);
    }
    synchronized (warnings) {
      return new TracerResult(log.lastLine(), cause, warnings, log.lost());
    }
  }

  /** Hands everything on and remembers what a result needs. Called by the event loop. */
  private final class Recorder implements EventSink {
    private final EventSink next;

    Recorder(EventSink next) {
      this.next = next;
    }

    @Override
    public void opened(DataSource source) {
      next.opened(source);
    }

    @Override
    public void event(EventView event) {
      next.event(event);
    }

    @Override
    public void batchEnd(DataSource source) {
      next.batchEnd(source);
    }

    @Override
    public void loss(LossReport loss) {
      next.loss(loss);
    }

    @Override
    public void warning(String message) {
      synchronized (warnings) {
        if (warnings.size() < WARNINGS_MAX) {
          warnings.add(message);
        }
      }
      next.warning(message);
    }

    @Override
    public void ended(EndCause cause) {
      end = cause;
      try {
        next.ended(cause);
      } finally {
        over.countDown();
        detachLater();
      }
    }
  }
}
