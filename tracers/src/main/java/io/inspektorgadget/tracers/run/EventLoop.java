// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.kernel.io.ThreadEnd;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.tracers.event.BootClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a run: drains its rings, reads its maps when they are due, reports losses, and
 * blocks when there is nothing to do. It alone calls the sink. {@link #stop} may be called from any
 * thread.
 */
final class EventLoop {
  private static final long NS_PER_MS = 1_000_000;

  /**
   * After a batch the loop waits before it looks again. Under load each turn then serves hundreds
   * of records, and programs need not wake anyone. The longer the pause, the less it costs; nobody
   * who reads sees ten milliseconds.
   */
  private static final long PAUSE_MIN_NS = 2 * NS_PER_MS;

  private static final long PAUSE_MAX_NS = 10 * NS_PER_MS;

  /** At 64 MB/s, more than one core was seen to write, an eighth of the ring fills meanwhile. */
  private static final long PAUSE_NS_PER_RING_BYTE = 2;

  /** Pause while a program is between reserving a record and submitting it. */
  private static final long BUSY_RECORD_PAUSE_NS = 50_000;

  private static final long LOSS_PERIOD_NS = 100 * NS_PER_MS;
  private static final long HOLD_RETRY_NS = 2 * NS_PER_MS;

  /** How long a stopped run may still empty its rings, so that a flood cannot keep it alive. */
  private static final long FINISH_LIMIT_NS = 1_500 * NS_PER_MS;

  private final Work work;
  private final EventSink sink;
  private final BootClock clock;
  private final ReadingReport progress;
  private final Epoll epoll;
  private final EventFd wake;
  private final long timeoutNs;
  private final long pauseNs;
  private final Thread thread;
  private final CountDownLatch serving = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile @Nullable EndCause cause;
  private final int[] readyTokens = new int[8];
  private long nextLossNs;

  /** What a loop serves. */
  record Work(
      List<RingTask> rings,
      List<FetchTask> fetches,
      List<RecordPipeline> pipelines,
      List<LossMeter> losses) {}

  /**
   * What a loop blocks on, how long it lasts, and who hears how far it has read.
   *
   * @param timeoutMs time after which it ends by itself; 0: never
   */
  record Waiting(Epoll epoll, EventFd wake, long timeoutMs, ReadingReport progress) {}

  EventLoop(Work work, EventSink sink, BootClock clock, Waiting waiting, String name) {
    this.work = work;
    this.sink = sink;
    this.clock = clock;
    this.epoll = waiting.epoll();
    this.wake = waiting.wake();
    this.progress = waiting.progress();
    this.timeoutNs = waiting.timeoutMs() * NS_PER_MS;
    List<RingBufferReader> readers = new ArrayList<>();
    for (RingTask ring : work.rings()) {
      readers.add(ring.reader());
    }
    this.pauseNs = pauseNs(readers);
    this.thread = new Thread(this::run, "gadget " + name);
  }

  /** As long as the smallest ring allows. */
  static long pauseNs(List<RingBufferReader> rings) {
    long pauseNs = PAUSE_MAX_NS;
    for (RingBufferReader ring : rings) {
      pauseNs = Math.min(pauseNs, ring.sizeBytes() * PAUSE_NS_PER_RING_BYTE);
    }
    return Math.max(PAUSE_MIN_NS, pauseNs);
  }

  void start() {
    thread.start();
  }

  void awaitServing() throws InterruptedException {
    serving.await();
  }

  EndCause awaitEnd() throws InterruptedException {
    over.await();
    EndCause end = cause;
    return end == null ? new EndCause.Stopped() : end;
  }

  void stop() {
    stopping = true;
    wake.signal();
    LockSupport.unpark(thread);
  }

  void join() {
    ThreadEnd.await(thread);
  }

  private void run() {
    try {
      cause = serve();
    } catch (RuntimeException | Error e) {
      cause = new EndCause.Failed(e);
    }
    try {
      sink.ended(cause);
    } catch (RuntimeException e) {
      cause = new EndCause.Failed(e);
    } finally {
      serving.countDown();
      over.countDown();
    }
  }

  private EndCause serve() {
    long startNs = System.nanoTime();
    serving.countDown();
    // At least one turn: who stops a run at once still gets the snapshot that it started.
    do {
      int count = turn();
      if (isOver()) {
        finish();
        return new EndCause.Completed();
      }
      if (timeoutNs != 0 && System.nanoTime() - startNs >= timeoutNs) {
        finish();
        return new EndCause.TimedOut();
      }
      if (count == 0) {
        block(startNs);
      } else if (count < RingTask.BUDGET) {
        LockSupport.parkNanos(Math.min(pauseNs, waitNs(startNs)));
      }
    } while (!stopping);
    finish();
    return new EndCause.Stopped();
  }

  /** True if nothing can come any more. */
  private boolean isOver() {
    boolean over = work.rings().isEmpty();
    for (FetchTask fetch : work.fetches()) {
      over &= fetch.schedule().isOver();
    }
    return over;
  }

  /** Serves everything once; returns how many records were read. */
  private int turn() {
    clock.refresh();
    int count = drain();
    long nowNs = System.nanoTime();
    for (FetchTask fetch : work.fetches()) {
      fetch.tick(nowNs);
    }
    if (nowNs - nextLossNs >= 0) {
      nextLossNs = nowNs + LOSS_PERIOD_NS;
      reportLosses();
    }
    return count;
  }

  private int drain() {
    int count = 0;
    long startNs = System.nanoTime();
    boolean sawAllEnds = true;
    for (RingTask ring : work.rings()) {
      int ofRing = ring.drain();
      // A turn that did not use its budget has seen the end of the ring.
      sawAllEnds &= ofRing < RingTask.BUDGET;
      count += ofRing;
    }
    if (sawAllEnds) {
      reportProgress(startNs);
    }
    for (RecordPipeline pipeline : work.pipelines()) {
      if (pipeline.isHolding() && pipeline.retry() > 0) {
        pipeline.batchEnd();
      }
    }
    return count;
  }

  private void reportProgress(long ringsReadNs) {
    long readNs = ringsReadNs;
    for (FetchTask fetch : work.fetches()) {
      if (fetch.accumulates() && fetch.lastReadNs() - readNs < 0) {
        readNs = fetch.lastReadNs();
      }
    }
    progress.caughtUp(readNs);
  }

  private void block(long startNs) {
    for (RingTask ring : work.rings()) {
      if (!ring.reader().prepareToBlock()) {
        LockSupport.parkNanos(BUSY_RECORD_PAUSE_NS);
        return;
      }
    }
    if (!stopping) {
      long waitNs = waitNs(startNs);
      // In whole milliseconds, rounded up: what is due must be due when the loop wakes.
      long waitMs = waitNs == Long.MAX_VALUE ? -1 : (waitNs + NS_PER_MS - 1) / NS_PER_MS;
      progress.idle(nothingAccumulates());
      epoll.await(readyTokens, waitMs);
      progress.idle(false);
      if (wake.drain()) {
        // Perhaps because of a loss: nobody may wake the loop again to report it.
        nextLossNs = System.nanoTime();
      }
    }
  }

  /** False if something may lie in a map and wait for its interval. */
  private boolean nothingAccumulates() {
    for (FetchTask fetch : work.fetches()) {
      if (fetch.accumulates()) {
        return false;
      }
    }
    return true;
  }

  /** How long the loop may sleep, in ns; Long.MAX_VALUE: until something happens. */
  private long waitNs(long startNs) {
    long nowNs = System.nanoTime();
    long waitNs = timeoutNs == 0 ? Long.MAX_VALUE : Math.max(0, timeoutNs - (nowNs - startNs));
    for (FetchTask fetch : work.fetches()) {
      waitNs = Math.min(waitNs, fetch.schedule().remainingNs(nowNs));
    }
    for (RecordPipeline pipeline : work.pipelines()) {
      if (pipeline.isHolding()) {
        waitNs = Math.min(waitNs, HOLD_RETRY_NS);
      }
    }
    return waitNs;
  }

  private void finish() {
    long limitNs = System.nanoTime() + FINISH_LIMIT_NS;
    clock.refresh();
    while (drain() >= RingTask.BUDGET && System.nanoTime() - limitNs < 0) {
      clock.refresh();
    }
    work.fetches().forEach(FetchTask::finish);
    for (RecordPipeline pipeline : work.pipelines()) {
      if (pipeline.isHolding()) {
        finish(pipeline, limitNs);
      }
    }
    reportLosses();
  }

  private static void finish(RecordPipeline pipeline, long limitNs) {
    while (pipeline.isHolding() && System.nanoTime() - limitNs < 0) {
      LockSupport.parkNanos(HOLD_RETRY_NS);
      pipeline.retry();
    }
    pipeline.giveUpAll();
    pipeline.batchEnd();
  }

  private void reportLosses() {
    for (LossMeter loss : work.losses()) {
      loss.report(sink);
    }
    for (RecordPipeline pipeline : work.pipelines()) {
      pipeline.reportLoss();
    }
  }
}
