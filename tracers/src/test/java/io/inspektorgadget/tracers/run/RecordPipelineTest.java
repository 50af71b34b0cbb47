// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
  private static final int HELD_MAX = 16_384;

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
    return new RecordPipeline(
        view, new Membership(this::containers, selector, view.source().schema(), 0), sink);
  }

  private static byte[] recordOf(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(number).array();
  }

  private void feed(RecordPipeline pipeline, long mountNs) {
    MemoryRing ring = new MemoryRing(recordOf(mountNs), 1);
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

  private RecordPipeline pipelineBefore(CollectionPromise late, RecordView view) {
    sink.opened(view.source());
    ContainerSelector host = ContainerSelector.HOST;
    return new RecordPipeline(
        view, new Membership(late, host, view.source().schema(), HOST_NS), sink);
  }

  @Test
  void whoeverIsNotOfTheHostWaitsForACollectionThatStarts() throws Exception {
    LateCollection late = new LateCollection();
    RecordPipeline pipeline = pipelineBefore(late, byMountNs().view());
    long startNs = System.nanoTime();
    feed(pipeline, OneContainerHost.MOUNT_NS);
    feed(pipeline, HOST_NS);
    assertThat(sink.events).as("the host's needs no collection").isEqualTo(1);
    while (System.nanoTime() - startNs
        < TimeUnit.MILLISECONDS.toNanos(2 * RecordPipeline.HOLD_MAX_MS)) {
      Thread.sleep(1);
    }
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
    RecordPipeline pipeline = pipelineBefore(late, byMountNs().view());
    MemoryRing ring = new MemoryRing(recordOf(OneContainerHost.MOUNT_NS), 1);
    for (int i = 0; i < HELD_MAX; i++) {
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
    assertThat(sink.events).isEqualTo(HELD_MAX + 1);
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
  void aRecordOfAContainerThatNobodyKnowsIsHeldAndThenCountedAsLost() throws Exception {
    RecordPipeline pipeline = pipeline(byMountNs().view(), named("web"));
    long startNs = System.nanoTime();
    feed(pipeline, UNKNOWN_NS);
    feed(pipeline, UNKNOWN_NS);
    assertThat(pipeline.isHolding()).isTrue();
    pipeline.retry();
    long holdMaxNs = TimeUnit.MILLISECONDS.toNanos(RecordPipeline.HOLD_MAX_MS);
    if (System.nanoTime() - startNs < holdMaxNs) {
      assertThat(pipeline.isHolding()).as("given up early").isTrue();
      assertThat(sink.losses).isEmpty();
    }
    while (System.nanoTime() - startNs < 2 * holdMaxNs) {
      Thread.sleep(1);
    }
    assertThat(pipeline.retry()).isZero();
    assertThat(pipeline.isHolding()).isFalse();
    pipeline.reportLoss();
    pipeline.reportLoss();
    assertThat(sink.losses).containsExactly(new LossReport(LossReport.Stage.AGENT, "test", 2, 2));
    assertThat(sink.events).isZero();
  }

  @Test
  void heldRecordsAreBoundedAndWhatIsMoreIsCounted() {
    RecordPipeline pipeline = pipeline(byMountNs().view(), named("web"));
    MemoryRing ring = new MemoryRing(recordOf(UNKNOWN_NS), 1);
    ring.produce(HELD_MAX + 3);
    ring.reader().drain(pipeline, Integer.MAX_VALUE);
    pipeline.reportLoss();
    assertThat(sink.losses).containsExactly(new LossReport(LossReport.Stage.AGENT, "test", 3, 3));
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
