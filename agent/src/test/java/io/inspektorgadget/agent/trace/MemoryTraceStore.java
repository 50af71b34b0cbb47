// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Traces in memory, with the API server's habits: versions, finalizers, and being away. */
final class MemoryTraceStore implements TraceStore {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private final Map<TraceKey, Trace> traces = new HashMap<>();
  private final List<TraceStatus> written = new ArrayList<>();
  private long version;
  boolean away;

  /** As kubectl apply would: a new generation. */
  TraceKey put(Trace trace) {
    Trace copy = SERIALIZATION.clone(trace);
    Trace before = traces.get(TraceKey.of(trace));
    copy.getMetadata().setGeneration(before == null ? 1 : before.generation() + 1);
    copy.getMetadata().setResourceVersion(String.valueOf(++version));
    traces.put(TraceKey.of(copy), copy);
    return TraceKey.of(copy);
  }

  /** As kubectl delete would: it stays while there are finalizers. */
  void delete(TraceKey key) {
    change(key, trace -> trace.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z"));
    vanishIfFree(key);
  }

  void annotate(TraceKey key, String operation) {
    change(
        key,
        trace -> {
          Map<String, String> annotations = new HashMap<>(trace.annotations());
          annotations.put(Trace.OPERATION, operation);
          trace.getMetadata().setAnnotations(annotations);
        });
  }

  TraceStatus status(TraceKey key) {
    return stored(key).outcome();
  }

  boolean exists(TraceKey key) {
    return traces.containsKey(key);
  }

  /** All statuses in the order in which they were written. */
  List<TraceStatus> written() {
    return List.copyOf(written);
  }

  Trace stored(TraceKey key) {
    Trace trace = traces.get(key);
    if (trace == null) {
      throw new IllegalStateException("looking for " + key + ": there is none");
    }
    return trace;
  }

  private void change(TraceKey key, Consumer<Trace> change) {
    Trace trace = stored(key);
    change.accept(trace);
    trace.getMetadata().setResourceVersion(String.valueOf(++version));
  }

  private void vanishIfFree(TraceKey key) {
    Trace trace = stored(key);
    if (trace.deleted() && !trace.hasFinalizer()) {
      traces.remove(key);
    }
  }

  private void requireHere() {
    if (away) {
      throw new KubernetesClientException("connection refused");
    }
  }

  @Override
  public @Nullable Trace find(TraceKey key) {
    requireHere();
    Trace trace = traces.get(key);
    return trace == null ? null : SERIALIZATION.clone(trace);
  }

  @Override
  public void writeStatus(Trace trace, TraceStatus status) {
    requireHere();
    change(TraceKey.of(trace), stored -> stored.setStatus(status));
    written.add(status);
  }

  @Override
  public void takeOperation(Trace trace) {
    requireHere();
    TraceKey key = TraceKey.of(trace);
    if (!String.valueOf(trace.operation()).equals(stored(key).operation())) {
      throw new TraceChangedException("another operation", new IllegalStateException());
    }
    change(
        key,
        stored -> {
          Map<String, String> annotations = new HashMap<>(stored.annotations());
          annotations.keySet().removeIf(name -> name.startsWith(Trace.OPERATION));
          stored.getMetadata().setAnnotations(annotations);
        });
  }

  @Override
  public void addFinalizer(Trace trace) {
    requireUnchanged(trace);
    change(
        TraceKey.of(trace), stored -> stored.getMetadata().setFinalizers(List.of(Trace.FINALIZER)));
  }

  @Override
  public void removeFinalizer(Trace trace) {
    requireUnchanged(trace);
    change(TraceKey.of(trace), stored -> stored.getMetadata().setFinalizers(List.of()));
    vanishIfFree(TraceKey.of(trace));
  }

  private void requireUnchanged(Trace trace) {
    requireHere();
    String now = stored(TraceKey.of(trace)).getMetadata().getResourceVersion();
    if (!now.equals(trace.getMetadata().getResourceVersion())) {
      throw new TraceChangedException("changed", new IllegalStateException());
    }
  }
}
