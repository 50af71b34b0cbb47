// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.containers.ContainerListener;
import io.inspektorgadget.kernel.io.ThreadEnd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordPipelineTest {
  private static final long UNKNOWN_NS = 7;
  private static final long HOST_NS = 8;
  private static final long PADDING = 0;
  private static final int HELD_SIZE_BYTES = RecordPipeline.HELD_OVERHEAD_BYTES + Long.BYTES;
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

  @TempDir Path folder;
  private final CountingSink sink = new CountingSink();
  private @Nullable ContainerCollection started;

  @BeforeEach
  void startCollection() throws IOException {
    started = OneContainerHost.make(folder).containers();
    assertThat(started.containers()).extracting(ContainerInfo::name).containsExactly("web");
  }

  @AfterEach
  void closeCollection() {
    containers().close();
  }

  private ContainerCollection containers() {
    ContainerCollection collection = started;
    if (collection == null) {
      throw new IllegalStateException("the collection is not started");
    }
    return collection;
  }

  private static SourceDraft byMountNs() {
    return new SourceDraft().number("mntns_id", FieldType.UINT64, "gadget_mntns_id", 0);
  }

  private static ContainerSelector named(String list) {
    return ContainerSelector.ofNames(ValueList.parse(list));
  }

  private RecordPipeline pipeline(RecordView view, ContainerSelector selector) {
    sink.opened(view.source());
    return new RecordPipeline(view, membership(view, selector), sink);
  }

  private Membership membership(RecordView view, ContainerSelector selector) {
    return new Membership(this::containers, selector, view.source().schema(), 0);
  }

  private static byte[] recordOf(long... numbers) {
    ByteBuffer record =
        ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long number : numbers) {
      record.putLong(number);
    }
    return record.array();
  }

  private static void feed(RecordPipeline pipeline, long... numbers) {
    MemoryRing ring = new MemoryRing(recordOf(numbers), 1);
    ring.produce(1);
    assertThat(ring.reader().drain(pipeline, 10)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"web, 1", "w*, 1", "!other, 1", "other, 0", "!web, 0", "'web,!web', 0"})
  void theSelectorDecidesAboutAKnownContainer(String list, long kept) {
    RecordView view = byMountNs().view();
    RecordPipeline pipeline = pipeline(view, named(list));
    feed(pipeline, OneContainerHost.MOUNT_NS);
    assertThat(sink.events).isEqualTo(kept);
    assertThat(pipeline.isHolding()).isFalse();
    assertThat(view.container()).isSameAs(containers().containers().getFirst());
  }

  @Test
  void theHostIsKeptWithoutAContainer() {
    RecordView view = byMountNs().view();
    RecordPipeline pipeline = pipeline(view, ContainerSelector.HOST);
    feed(pipeline, OneContainerHost.MOUNT_NS);
    assertThat(view.container()).isNotNull();
    feed(pipeline, UNKNOWN_NS);
    assertThat(view.container()).isNull();
    assertThat(sink.events).isEqualTo(2);
  }

  /** A collection that starts only when somebody waits for it, or when it is told to. */
  private final class LateCollection implements CollectionPromise {
    private boolean ready;

    @Override
    public ContainerCollection get() {
      ready = true;
      return containers();
    }

    @Override
    public boolean isReady() {
      return ready;
    }
  }

  private RecordPipeline pipelineBefore(
      CollectionPromise late, RecordView view, LongSupplier clock) {
    sink.opened(view.source());
    ContainerSelector host = ContainerSelector.HOST;
    return new RecordPipeline(
        view, new Membership(late, host, view.source().schema(), HOST_NS), sink, clock);
  }

  @Test
  void whoeverIsNotOfTheHostWaitsForACollectionThatStarts() {
    LateCollection late = new LateCollection();
    AtomicLong nowNs = new AtomicLong(System.nanoTime());
    RecordPipeline pipeline = pipelineBefore(late, byMountNs().view(), nowNs::get);
    feed(pipeline, OneContainerHost.MOUNT_NS);
    feed(pipeline, HOST_NS);
    assertThat(sink.events).as("the host's needs no collection").isEqualTo(1);
    nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(2 * RecordPipeline.HOLD_MAX_MS));
    assertThat(pipeline.retry()).isZero();
    assertThat(pipeline.isHolding()).isTrue();
    late.ready = true;
    assertThat(pipeline.retry()).isEqualTo(1);
    assertThat(pipeline.isHolding()).isFalse();
    assertThat(sink.events).isEqualTo(2);
    pipeline.reportLoss();
    assertThat(sink.losses).isEmpty();
  }

  @Test
  void aFloodIsNotReadOnBeforeTheCollectionHasStarted() {
    LateCollection late = new LateCollection();
    RecordPipeline pipeline = pipelineBefore(late, byMountNs().view(), System::nanoTime);
    MemoryRing ring = new MemoryRing(recordOf(OneContainerHost.MOUNT_NS), 1);
    int room = (int) (RecordPipeline.HELD_MAX_BYTES / HELD_SIZE_BYTES);
    for (int i = 0; i < room; i++) {
      ring.produce(1);
      ring.reader().drain(pipeline, 1);
    }
    assertThat(late.ready).isFalse();
    assertThat(sink.events).isZero();
    ring.produce(1);
    ring.reader().drain(pipeline, 1);
    assertThat(late.ready).as("waited for").isTrue();
    pipeline.retry();
    pipeline.reportLoss();
    assertThat(sink.events).isEqualTo(room + 1L);
    assertThat(sink.losses).isEmpty();
  }

  @Test
  void theNetworkNamespaceFindsTheContainerWhereThereIsNoOther() {
    RecordView view =
        new SourceDraft().number("netns_id", FieldType.UINT32, "gadget_netns_id", 0).view();
    feed(pipeline(view, named("web")), OneContainerHost.NET_NS);
    assertThat(sink.events).isEqualTo(1);
    feed(pipeline(view, named("other")), OneContainerHost.NET_NS);
    assertThat(sink.events).isEqualTo(1);
  }

  @Test
  void recordsWithoutANamespaceAreKept() {
    RecordView view = new SourceDraft().number("n", FieldType.UINT64, "", 0).view();
    feed(pipeline(view, named("other")), 1);
    assertThat(sink.events).isEqualTo(1);
  }

  @Test
  void whatNobodyWillNameIsLostOnceEarlierBirthsAreWorkedThrough() {
    RecordPipeline pipeline = pipeline(byMountNs().view(), named("web"));
    feed(pipeline, UNKNOWN_NS);
    feed(pipeline, UNKNOWN_NS);
    assertThat(pipeline.isHolding()).isTrue();
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (pipeline.isHolding()) {
      assertThat(System.nanoTime()).as("still held").isLessThan(limitNs);
      pipeline.retry();
      Thread.onSpinWait();
    }
    pipeline.reportLoss();
    pipeline.reportLoss();
    assertThat(sink.losses).containsExactly(new LossReport(LossReport.Stage.AGENT, "test", 2, 2));
    assertThat(sink.events).isZero();
  }

  @Test
  void aCollectionThatDoesNotComeOnIsWaitedForUntilTheLimit() throws Exception {
    try (BusyCollection busy = new BusyCollection()) {
      busy.begin();
      AtomicLong nowNs = new AtomicLong(System.nanoTime());
      RecordView view = byMountNs().view();
      sink.opened(view.source());
      RecordPipeline pipeline =
          new RecordPipeline(view, membership(view, named("web")), sink, nowNs::get);
      feed(pipeline, UNKNOWN_NS);
      nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(RecordPipeline.HOLD_MAX_MS) - 1);
      assertThat(pipeline.retry()).isZero();
      assertThat(pipeline.isHolding()).isTrue();
      nowNs.addAndGet(1);
      assertThat(pipeline.retry()).isZero();
      assertThat(pipeline.isHolding()).isFalse();
      pipeline.reportLoss();
      assertThat(sink.losses).containsExactly(new LossReport(LossReport.Stage.AGENT, "test", 1, 1));
    }
  }

  @Test
  void heldRecordsAreBoundedInBytesAndWhatIsMoreIsCounted() throws Exception {
    int room = (int) (RecordPipeline.HELD_MAX_BYTES / HELD_SIZE_BYTES);
    try (BusyCollection busy = new BusyCollection()) {
      busy.begin();
      RecordPipeline pipeline = pipeline(byMountNs().view(), named("web"));
      MemoryRing ring = new MemoryRing(recordOf(UNKNOWN_NS), 1);
      ring.produce(room + 3);
      ring.reader().drain(pipeline, Integer.MAX_VALUE);
      pipeline.reportLoss();
      assertThat(sink.losses).containsExactly(new LossReport(LossReport.Stage.AGENT, "test", 3, 3));
      sink.losses.clear();
      pipeline.giveUpAll();
      pipeline.reportLoss();
      assertThat(pipeline.isHolding()).isFalse();
      assertThat(sink.losses)
          .containsExactly(new LossReport(LossReport.Stage.AGENT, "test", room, room + 3L));
    }
  }

  @Test
  void aLaterRecordDoesNotOvertakeOneThatWasHeld() {
    LateCollection late = new LateCollection();
    RecordView view =
        new SourceDraft()
            .number("mntns_id", FieldType.UINT64, "gadget_mntns_id", 0)
            .number("n", FieldType.UINT64, "", Long.BYTES)
            .view();
    List<Long> order = new ArrayList<>();
    EventSink listing =
        new ForwardingSink(sink) {
          @Override
          public void event(EventView event) {
            order.add(event.longAt(1));
          }
        };
    RecordPipeline pipeline =
        new RecordPipeline(
            view,
            new Membership(late, ContainerSelector.HOST, view.source().schema(), HOST_NS),
            listing);
    feed(pipeline, OneContainerHost.MOUNT_NS, 1, PADDING);
    feed(pipeline, OneContainerHost.MOUNT_NS, 2, PADDING);
    assertThat(order).isEmpty();
    late.ready = true;
    feed(pipeline, OneContainerHost.MOUNT_NS, 3, PADDING);
    assertThat(order).containsExactly(1L, 2L, 3L);
  }

  /** Keeps the collection's thread from doing anything until it is closed. */
  private final class BusyCollection implements AutoCloseable {
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread subscriber = new Thread(this::subscribe, "subscriber");

    void begin() throws InterruptedException {
      subscriber.start();
      assertThat(busy.await(LIMIT_NS, TimeUnit.NANOSECONDS)).isTrue();
    }

    private void subscribe() {
      containers()
          .subscribe(
              ContainerSelector.ALL_CONTAINERS,
              new ContainerListener() {
                @Override
                public void added(ContainerInfo container) {
                  busy.countDown();
                  try {
                    assertThat(done.await(LIMIT_NS, TimeUnit.NANOSECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }

                @Override
                public void removed(ContainerInfo container) {
                  // It lives as long as this process.
                }
              });
    }

    @Override
    public void close() {
      done.countDown();
      ThreadEnd.await(subscriber);
    }
  }

  @Test
  void aRingsTurnHasABudgetAndEndsABatchOnlyIfItReadSomething() {
    RecordView view = new SourceDraft().number("n", FieldType.UINT64, "", 0).view();
    RecordPipeline pipeline = pipeline(view, ContainerSelector.HOST);
    MemoryRing ring = new MemoryRing(recordOf(1), 1);
    RingTask task = new RingTask(ring.reader(), pipeline);
    assertThat(task.drain()).isZero();
    assertThat(sink.batches).isZero();
    ring.produce(RingTask.BUDGET + 1);
    assertThat(task.drain()).isEqualTo(RingTask.BUDGET);
    assertThat(task.drain()).isEqualTo(1);
    assertThat(sink.events).isEqualTo(RingTask.BUDGET + 1L);
    assertThat(sink.batches).isEqualTo(2);
  }
}
