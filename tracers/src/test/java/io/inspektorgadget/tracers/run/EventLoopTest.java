// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.RingBufferReader;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.LossReport.Stage;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.BootClock;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop over a ring in memory; only its epoll and eventfd are real. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopTest {
  private static final long STOP_LIMIT_NS = TimeUnit.SECONDS.toNanos(2);

  @TempDir Path folder;
  private final CloserStack closers = new CloserStack();
  private final MemoryRing ring = new MemoryRing(new byte[8], 1);
  private @Nullable ContainerCollection started;

  @BeforeEach
  void startCollection() throws IOException {
    ContainerCollection collection = OneContainerHost.make(folder).containers();
    started = collection;
    closers.add(collection::close);
  }

  @AfterEach
  void closeAll() {
    closers.close();
  }

  private EventLoop loop(EventSink sink, boolean withRing, long timeoutMs) {
    return loop(sink, withRing, timeoutMs, EventFd.open(), List.of());
  }

  private EventLoop loop(
      EventSink sink, boolean withRing, long timeoutMs, EventFd wake, List<LossMeter> losses) {
    ContainerCollection collection = started;
    if (collection == null) {
      throw new IllegalStateException("the collection is not started");
    }
    RecordView view = new SourceDraft().number("n", FieldType.UINT64, "", 0).view();
    sink.opened(view.source());
    Membership membership =
        new Membership(() -> collection, ContainerSelector.HOST, view.source().schema(), 0);
    RecordPipeline pipeline = new RecordPipeline(view, membership, sink);
    Epoll epoll = Epoll.open();
    closers.add(epoll::close);
    closers.add(wake::close);
    epoll.add(wake.fd(), 0);
    List<RingTask> rings = withRing ? List.of(new RingTask(ring.reader(), pipeline)) : List.of();
    return new EventLoop(
        new EventLoop.Work(rings, List.of(), List.of(pipeline), losses),
        sink,
        new BootClock(() -> 0, () -> 0),
        new EventLoop.Waiting(epoll, wake, timeoutMs, new ReadingReport(() -> collection)),
        "test");
  }

  private static EndCause stopped(EventLoop loop) throws InterruptedException {
    long startNs = System.nanoTime();
    loop.stop();
    EndCause cause = loop.awaitEnd();
    loop.join();
    assertThat(System.nanoTime() - startNs).as("ns to stop").isLessThan(STOP_LIMIT_NS);
    return cause;
  }

  @Test
  void aLoopThatBlocksIsStopped() throws InterruptedException {
    CountingSink sink = new CountingSink();
    EventLoop loop = loop(sink, true, 0);
    loop.start();
    loop.awaitServing();
    assertThat(stopped(loop)).isEqualTo(new EndCause.Stopped());
    assertThat(sink.cause).isEqualTo(new EndCause.Stopped());
    assertThat(sink.events).isZero();
  }

  @Test
  void aLoopThatBlocksTellsAtOnceWhatOthersCountAsLost() throws InterruptedException {
    BlockingQueue<LossReport> told = new LinkedBlockingQueue<>();
    EventSink sink =
        new ForwardingSink(new CountingSink()) {
          @Override
          public void loss(LossReport loss) {
            told.add(loss);
          }
        };
    EventFd wake = EventFd.open();
    CountedLoss late = new CountedLoss(Stage.LATE_START, "containers", wake::signal);
    EventLoop loop = loop(sink, true, 0, wake, List.of(late));
    loop.start();
    loop.awaitServing();
    for (int total = 1; total <= 3; total++) {
      late.add(1);
      assertThat(told.take()).isEqualTo(new LossReport(Stage.LATE_START, "containers", 1, total));
    }
    assertThat(stopped(loop)).isEqualTo(new EndCause.Stopped());
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsInTheRingWhenTheLoopIsStoppedIsStillHandedOver() throws InterruptedException {
    CountingSink sink = new CountingSink();
    EventLoop loop = loop(sink, true, 0);
    ring.produce(3 * RingTask.BUDGET);
    loop.stop();
    loop.start();
    loop.awaitEnd();
    loop.join();
    assertThat(sink.events).isEqualTo(3L * RingTask.BUDGET);
    assertThat(sink.batches).isPositive();
  }

  @Test
  void aRunEndsAtItsTimeout() throws InterruptedException {
    CountingSink sink = new CountingSink();
    EventLoop loop = loop(sink, true, 30);
    long startNs = System.nanoTime();
    loop.start();
    assertThat(loop.awaitEnd()).isEqualTo(new EndCause.TimedOut());
    loop.join();
    assertThat(System.nanoTime() - startNs)
        .isBetween(TimeUnit.MILLISECONDS.toNanos(30), STOP_LIMIT_NS);
    assertThat(sink.cause).isEqualTo(new EndCause.TimedOut());
  }

  @Test
  void aRunWithNothingToWaitForIsComplete() throws InterruptedException {
    CountingSink sink = new CountingSink();
    EventLoop loop = loop(sink, false, 0);
    loop.start();
    assertThat(loop.awaitEnd()).isEqualTo(new EndCause.Completed());
    loop.join();
    assertThat(sink.cause).isEqualTo(new EndCause.Completed());
  }

  @Test
  void aFloodDoesNotKeepAStoppedLoopAlive() throws InterruptedException {
    CountingSink sink = new CountingSink();
    EventLoop loop = loop(sink, true, 0);
    // More than the loop can read while this test lasts: the ring never looks empty.
    ring.produce(1_000_000_000);
    loop.start();
    while (ring.consumed() < 10L * RingTask.BUDGET) {
      Thread.onSpinWait();
    }
    assertThat(stopped(loop)).isEqualTo(new EndCause.Stopped());
    assertThat(ring.consumed()).isLessThan(1_000_000_000);
    assertThat(sink.events).isEqualTo(ring.consumed());
  }

  @Test
  void aSinkThatThrowsEndsTheRunWithItsCause() throws InterruptedException {
    IllegalStateException full = new IllegalStateException("the disk is full");
    CountingSink counted = new CountingSink();
    EventSink sink =
        new ForwardingSink(counted) {
          @Override
          public void event(EventView event) {
            throw full;
          }
        };
    EventLoop loop = loop(sink, true, 0);
    ring.produce(2);
    loop.start();
    assertThat(loop.awaitEnd()).isEqualTo(new EndCause.Failed(full));
    loop.join();
    assertThat(counted.cause).isEqualTo(new EndCause.Failed(full));
  }

  @Test
  void aSinkThatThrowsAtTheEndIsTheCause() throws InterruptedException {
    IllegalStateException closed = new IllegalStateException("the pipe is closed");
    EventSink sink =
        new ForwardingSink(new CountingSink()) {
          @Override
          public void ended(EndCause cause) {
            throw closed;
          }
        };
    EventLoop loop = loop(sink, true, 0);
    loop.start();
    assertThat(stopped(loop)).isEqualTo(new EndCause.Failed(closed));
  }

  @Test
  void aWaiterThatIsInterruptedStillWaitsForTheThread() throws InterruptedException {
    EventLoop loop = loop(new CountingSink(), true, 0);
    loop.start();
    loop.awaitServing();
    Thread.currentThread().interrupt();
    loop.stop();
    loop.join();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(loop.awaitEnd()).isEqualTo(new EndCause.Stopped());
  }

  @Test
  void theSmallestRingSaysHowLongTheLoopMayPause() {
    RingBufferReader large = new MemoryRing(new byte[248], 32_768).reader();
    RingBufferReader medium = new MemoryRing(new byte[248], 8_192).reader();
    long largeNs = EventLoop.pauseNs(List.of(large));
    long mediumNs = EventLoop.pauseNs(List.of(large, medium));
    assertThat(largeNs).isEqualTo(TimeUnit.MILLISECONDS.toNanos(10));
    assertThat(mediumNs).isBetween(TimeUnit.MILLISECONDS.toNanos(4), largeNs / 2);
    assertThat(EventLoop.pauseNs(List.of(medium, ring.reader(), large)))
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
  }
}
