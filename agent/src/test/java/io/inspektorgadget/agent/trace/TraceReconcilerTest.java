// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.inspektorgadget.agent.tracer.TracerControl.Delivery;
import io.inspektorgadget.agent.tracer.TracerControl.TracerResult;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceFilter;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceSpec;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node's reconciler over Traces and tracers in memory. */
final class TraceReconcilerTest {
  private static final String NODE = "node1";
  private static final String ID = "trace_gadget_t";
  private static final TraceStatus STARTED = TraceStatus.of(TraceState.STARTED, "");
  private static final TraceStatus STOPPED = TraceStatus.of(TraceState.STOPPED, "");

  private final MemoryTraceStore store = new MemoryTraceStore();
  private final MemoryTracers tracers = new MemoryTracers();
  private final List<TraceKey> started = new ArrayList<>();
  private TraceReconciler reconciler = reconciler();

  @BeforeEach
  void restartAgent() {
    reconciler = reconciler();
  }

  private TraceReconciler reconciler() {
    return new TraceReconciler(NODE, catalog(), store, tracers, started::add);
  }

  private static Catalog catalog() {
    try (InputStream file = Trace.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Trace trace(TraceSpec spec) {
    Trace trace = new Trace();
    trace.setMetadata(new ObjectMetaBuilder().withNamespace("gadget").withName("t").build());
    trace.setSpec(spec);
    return trace;
  }

  private static TraceSpec wish(String gadget, RunMode runMode, TraceOutputMode outputMode) {
    return new TraceSpec(NODE, gadget, runMode, null, outputMode, "", Map.of());
  }

  private static TraceSpec manual(String gadget) {
    return wish(gadget, RunMode.MANUAL, TraceOutputMode.STREAM);
  }

  private TraceKey put(TraceSpec spec) {
    return store.put(trace(spec));
  }

  private TraceStatus reconciled(TraceKey key) throws InterruptedException {
    reconciler.reconcile(key);
    return store.status(key);
  }

  private TraceStatus commanded(TraceKey key, String operation) throws InterruptedException {
    store.annotate(key, operation);
    TraceStatus status = reconciled(key);
    assertThat(store.stored(key).operation()).as("annotation").isNull();
    return status;
  }

  @Test
  void aManualTraceWaitsAndIsStartedAndStoppedByItsAnnotation() throws InterruptedException {
    TraceKey key = put(manual("execsnoop"));
    assertThat(reconciled(key)).isEqualTo(TraceStatus.EMPTY);
    assertThat(store.stored(key).hasFinalizer()).isTrue();
    assertThat(tracers.tracers()).isEmpty();

    assertThat(commanded(key, "start")).isEqualTo(STARTED);
    assertThat(tracers.only().id().text()).isEqualTo(ID);
    assertThat(tracers.only().delivery()).isEqualTo(Delivery.STREAM);
    assertThat(tracers.only().request().gadget().name()).isEqualTo("trace_exec");
    assertThat(started).containsExactly(key);

    assertThat(commanded(key, "start")).isEqualTo(STARTED);
    assertThat(tracers.starts).isEqualTo(1);

    assertThat(commanded(key, "stop")).isEqualTo(STOPPED);
    assertThat(tracers.tracers()).isEmpty();
    assertThat(reconciled(key)).isEqualTo(STOPPED);
    assertThat(commanded(key, "stop")).isEqualTo(STOPPED.withError("Not started"));
  }

  @Test
  void aFilterThatSelectsNobodyIsAWarning() throws InterruptedException {
    TraceFilter shop = new TraceFilter("shop", "", Map.of(), "");
    TraceKey key =
        put(
            new TraceSpec(
                NODE, "execsnoop", RunMode.MANUAL, shop, TraceOutputMode.STREAM, "", Map.of()));
    assertThat(commanded(key, "start"))
        .isEqualTo(STARTED.withWarning("No container matches the requested filter"));
    assertThat(commanded(key, "stop")).isEqualTo(STOPPED);
    PodInfo pod = new PodInfo("shop", "web", "", "main", Map.of(), "", "");
    tracers.containers.add(
        new ContainerInfo(
            new ContainerInfo.RuntimeInfo("runc", "c", "", "", "", 0),
            1,
            new ContainerInfo.MountNs(1, 1),
            1,
            new ContainerInfo.Cgroup(1, ""),
            "",
            pod,
            Map.of()));
    assertThat(commanded(key, "start")).isEqualTo(STARTED);
  }

  @Test
  void theRunIsWhatTheSpecSays() throws InterruptedException {
    TraceKey key =
        put(
            new TraceSpec(
                NODE,
                "biotop",
                RunMode.MANUAL,
                new TraceFilter("a,b", "", Map.of(), ""),
                TraceOutputMode.STREAM,
                "",
                Map.of("interval", "3", "max_rows", "5", "sort_by", "-ops,all", "nosuch", "1")));
    TraceStatus status = commanded(key, "start");
    assertThat(tracers.only().request().selector().namespaces().included())
        .containsExactly("a", "b");
    assertThat(tracers.only().request().limits().intervalMs()).isEqualTo(3_000);
    assertThat(tracers.rows.getFirst().entriesMax()).isEqualTo(5);
    assertThat(tracers.rows.getFirst().sort()).isEqualTo("-io");
    assertThat(status.state()).isEqualTo(TraceState.STARTED);
    assertThat(status.operationWarning())
        .contains("parameter \"nosuch\" has no effect")
        .contains("sorting by \"all\" has no effect");
    assertThat(status.operationError()).isEmpty();
  }

  @Test
  void whatCannotBePerformedIsSaidOnceAndMended() throws InterruptedException {
    TraceKey key = put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STATUS));
    assertThat(reconciled(key).operationError())
        .isEqualTo("Unsupported OutputMode \"Status\" for gadget \"execsnoop\"");
    reconciler.reconcile(key);
    assertThat(store.written()).hasSize(1);
    assertThat(store.stored(key).hasFinalizer()).isFalse();

    put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    assertThat(reconciled(key)).isEqualTo(STARTED);
  }

  @Test
  void aStartThatTheKernelRefusesLeavesTheStateAndSaysWhy() throws InterruptedException {
    tracers.refusal = "attaching kprobe/x: ENOENT (this kernel has no kprobes)";
    TraceKey key = put(manual("execsnoop"));
    TraceStatus refused = commanded(key, "start");
    assertThat(refused).isEqualTo(TraceStatus.EMPTY.withError(tracers.refusal));
    assertThat(commanded(key, "generate").operationError())
        .isEqualTo("Unsupported operation \"generate\" for gadget \"execsnoop\"");

    tracers.refusal = "";
    assertThat(commanded(key, "start")).isEqualTo(STARTED);
  }

  @Test
  void anAutomaticTraceIsTriedOnceForEachSpec() throws InterruptedException {
    tracers.refusal = "no";
    TraceKey key = put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    assertThat(reconciled(key).operationError()).isEqualTo("no");
    tracers.refusal = "";
    assertThat(reconciled(key).operationError()).isEqualTo("no");
    put(wish("opensnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    assertThat(reconciled(key)).isEqualTo(STARTED);
    assertThat(tracers.only().request().gadget().name()).isEqualTo("trace_open");
  }

  @Test
  void anAutomaticTraceFollowsItsSpecAndStaysStoppedByCommand() throws InterruptedException {
    TraceKey key = put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    assertThat(reconciled(key)).isEqualTo(STARTED);
    Trace changed = trace(wish("sigsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    changed.setStatus(store.status(key));
    store.put(changed);
    assertThat(reconciled(key)).isEqualTo(STARTED);
    assertThat(tracers.only().request().gadget().name()).isEqualTo("trace_signal");
    assertThat(commanded(key, "stop")).isEqualTo(STOPPED);
    assertThat(reconciled(key)).isEqualTo(STOPPED);
    assertThat(tracers.tracers()).isEmpty();
  }

  @Test
  void aSnapshotIsCollectedIntoTheStatus() throws InterruptedException {
    tracers.endsAtOnce = true;
    tracers.result =
        new TracerResult("[{\"comm\":\"sh\"}]", new EndCause.Completed(), List.of("w"), 2);
    TraceKey key = put(wish("process-collector", RunMode.MANUAL, TraceOutputMode.STATUS));
    assertThat(commanded(key, "collect"))
        .isEqualTo(
            TraceStatus.of(TraceState.COMPLETED, "[{\"comm\":\"sh\"}]")
                .withWarning("w; 2 events were lost"));
    assertThat(tracers.tracers()).isEmpty();
    assertThat(commanded(key, "start").operationError())
        .isEqualTo("Unsupported operation \"start\" for gadget \"process-collector\"");
  }

  @Test
  void anAutomaticSnapshotIsCollectedOnceAlsoAfterARestart() throws InterruptedException {
    tracers.endsAtOnce = true;
    TraceKey key = put(wish("process-collector", RunMode.AUTO, TraceOutputMode.STREAM));
    assertThat(reconciled(key)).isEqualTo(TraceStatus.of(TraceState.COMPLETED, ""));
    assertThat(tracers.only().end()).isPresent();
    reconciler.reconcile(key);
    restartAgent();
    reconciler.reconcile(key);
    assertThat(tracers.starts).isEqualTo(1);
  }

  @Test
  void aProfileGivesItsResultWhenItIsStopped() throws InterruptedException {
    tracers.result = new TracerResult("[1]", new EndCause.Stopped(), List.of(), 0);
    TraceKey key = put(wish("biolatency", RunMode.MANUAL, TraceOutputMode.STATUS));
    assertThat(commanded(key, "start")).isEqualTo(STARTED);
    assertThat(tracers.only().delivery()).isEqualTo(Delivery.RESULT);
    assertThat(commanded(key, "stop")).isEqualTo(TraceStatus.of(TraceState.COMPLETED, "[1]"));
    assertThat(commanded(key, "start")).isEqualTo(STARTED);
  }

  @Test
  void aResultThatAResourceCannotHoldIsAnError() throws InterruptedException {
    tracers.endsAtOnce = true;
    tracers.result =
        new TracerResult("x".repeat(1_000_001), new EndCause.Completed(), List.of(), 0);
    TraceKey key = put(wish("process-collector", RunMode.MANUAL, TraceOutputMode.STATUS));
    TraceStatus status = commanded(key, "collect");
    assertThat(status.output()).isEmpty();
    assertThat(status.operationError()).contains("1000001 bytes").contains("Stream");
  }

  @Test
  void aRestartedAgentTakesUpWhatWasStarted() throws InterruptedException {
    TraceKey key = put(manual("execsnoop"));
    commanded(key, "start");
    tracers.stop(tracers.only().id());
    restartAgent();
    TraceStatus status = reconciled(key);
    assertThat(status.state()).isEqualTo(TraceState.STARTED);
    assertThat(status.operationWarning()).contains("restarted");
    assertThat(tracers.only().id().text()).isEqualTo(ID);

    tracers.stop(tracers.only().id());
    tracers.refusal = "no memory";
    restartAgent();
    assertThat(reconciled(key)).isEqualTo(STOPPED.withError("no memory"));
  }

  @Test
  void aRestartedAgentObeysAStopThatWaited() throws InterruptedException {
    TraceKey key = put(wish("profile", RunMode.MANUAL, TraceOutputMode.STATUS));
    commanded(key, "start");
    tracers.stop(tracers.only().id());
    restartAgent();
    assertThat(commanded(key, "stop").operationWarning()).contains("no result");
    assertThat(store.status(key).state()).isEqualTo(TraceState.STOPPED);
    assertThat(tracers.tracers()).isEmpty();
  }

  @Test
  void aRunThatDiesIsSaidAndNotStartedAgain() throws InterruptedException {
    TraceKey key = put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    reconciler.reconcile(key);
    tracers.end(ID, new EndCause.Failed(new IllegalStateException("reading the ring: EIO")));
    assertThat(reconciled(key))
        .isEqualTo(STOPPED.withError("the gadget has ended: reading the ring: EIO"));
    reconciler.reconcile(key);
    assertThat(tracers.starts).isEqualTo(1);
    assertThat(commanded(key, "start")).isEqualTo(STARTED);
    assertThat(tracers.starts).isEqualTo(2);
  }

  @Test
  void aDeletedTraceIsStoppedBeforeItVanishes() throws InterruptedException {
    TraceKey key = put(manual("execsnoop"));
    commanded(key, "start");
    store.delete(key);
    assertThat(store.exists(key)).isTrue();
    reconciler.reconcile(key);
    assertThat(store.exists(key)).isFalse();
    assertThat(tracers.tracers()).isEmpty();
    reconciler.reconcile(key);
  }

  @Test
  void aTraceThatWasDeletedWhileTheAgentWasDownVanishes() throws InterruptedException {
    TraceKey key = put(manual("nosuch"));
    store.addFinalizer(store.stored(key));
    store.delete(key);
    restartAgent();
    reconciler.reconcile(key);
    assertThat(store.exists(key)).isFalse();
  }

  @Test
  void aTraceOfAnotherNodeIsLeftAloneAndOneThatMovesAwayIsReleased() throws InterruptedException {
    TraceSpec elsewhere =
        new TraceSpec("node2", "execsnoop", RunMode.AUTO, null, TraceOutputMode.STREAM, "", null);
    TraceKey key = put(elsewhere);
    assertThat(reconciler.concerns(store.stored(key))).isFalse();
    assertThat(reconciled(key)).isEqualTo(TraceStatus.EMPTY);
    assertThat(store.stored(key).hasFinalizer()).isFalse();

    put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    reconciler.reconcile(key);
    assertThat(tracers.tracers()).hasSize(1);
    Trace moved = trace(elsewhere);
    moved.getMetadata().setFinalizers(List.of(Trace.FINALIZER));
    store.put(moved);
    assertThat(reconciler.concerns(store.stored(key))).isTrue();
    reconciler.reconcile(key);
    assertThat(tracers.tracers()).isEmpty();
    assertThat(store.stored(key).hasFinalizer()).isFalse();
    assertThat(reconciler.concerns(store.stored(key))).isFalse();
  }

  @Test
  void anOutcomeIsWrittenWhenTheServerIsBack() throws InterruptedException {
    TraceKey key = put(manual("execsnoop"));
    reconciler.reconcile(key);
    store.annotate(key, "start");
    AwayAtStatus flaky = new AwayAtStatus(store);
    TraceReconciler interrupted =
        new TraceReconciler(NODE, catalog(), flaky, tracers, started::add);
    assertThatThrownBy(() -> interrupted.reconcile(key))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(tracers.starts).isEqualTo(1);
    assertThat(store.status(key)).isEqualTo(TraceStatus.EMPTY);
    flaky.statusAway = false;
    interrupted.reconcile(key);
    assertThat(store.status(key)).isEqualTo(STARTED);
    assertThat(tracers.starts).isEqualTo(1);
  }

  @Test
  void nothingIsDoneWhileTheServerIsAway() throws InterruptedException {
    TraceKey key = put(wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM));
    store.away = true;
    assertThatThrownBy(() -> reconciler.reconcile(key))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(tracers.starts).isZero();
    store.away = false;
    assertThat(reconciled(key)).isEqualTo(STARTED);
  }

  /** A server that goes away between an operation and its outcome. */
  private static final class AwayAtStatus implements TraceStore {
    private final MemoryTraceStore store;
    boolean statusAway = true;

    AwayAtStatus(MemoryTraceStore store) {
      this.store = store;
    }

    @Override
    public @Nullable Trace find(TraceKey key) {
      return store.find(key);
    }

    @Override
    public void writeStatus(Trace trace, TraceStatus status) {
      if (statusAway) {
        throw new KubernetesClientException("connection refused");
      }
      store.writeStatus(trace, status);
    }

    @Override
    public void takeOperation(Trace trace) {
      store.takeOperation(trace);
    }

    @Override
    public void addFinalizer(Trace trace) {
      store.addFinalizer(trace);
    }

    @Override
    public void removeFinalizer(Trace trace) {
      store.removeFinalizer(trace);
    }
  }
}
