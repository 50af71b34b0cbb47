// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.run.RunRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list of tracers that run nothing, and keep the rules of {@link TracerControl}. */
final class MemoryTracers implements TracerControl {
  private final Map<TracerId, TracerStatus> tracers = new LinkedHashMap<>();
  final List<Rows> rows = new ArrayList<>();

  /** What a run leaves. */
  TracerResult result = new TracerResult("[]", new EndCause.Stopped(), List.of(), 0);

  /** Those that run. */
  final List<ContainerInfo> containers = new ArrayList<>();

  /** How the next starts end: empty for those that work. */
  String refusal = "";

  /** True if a run ends as soon as it has begun. */
  boolean endsAtOnce;

  int starts;

  @Override
  public void start(TracerId id, RunRequest request, Delivery delivery, Rows asked) {
    if (tracers.containsKey(id)) {
      throw new IllegalStateException("starting tracer " + id + ": it exists already");
    }
    if (!refusal.isEmpty()) {
      throw new GadgetException(refusal);
    }
    starts++;
    rows.add(asked);
    Optional<EndCause> end = endsAtOnce ? Optional.of(new EndCause.Completed()) : Optional.empty();
    tracers.put(id, new TracerStatus(id, request, delivery, end, 0, 0));
  }

  /** A run ends by itself. */
  void end(String id, EndCause cause) {
    tracers.computeIfPresent(
        new TracerId(id),
        (key, was) ->
            new TracerStatus(key, was.request(), was.delivery(), Optional.of(cause), 0, 0));
  }

  TracerStatus only() {
    if (tracers.size() != 1) {
      throw new IllegalStateException("looking for the one tracer: there are " + tracers.keySet());
    }
    return tracers.values().iterator().next();
  }

  @Override
  public Optional<TracerStatus> status(TracerId id) {
    return Optional.ofNullable(tracers.get(id));
  }

  @Override
  public List<TracerStatus> tracers() {
    return List.copyOf(tracers.values());
  }

  @Override
  public boolean selectsAny(ContainerSelector selector) {
    return containers.stream().anyMatch(selector::matches);
  }

  @Override
  public boolean awaitEnd(TracerId id, long timeoutMs) {
    TracerStatus status = tracers.get(id);
    if (status == null) {
      throw new IllegalStateException("waiting for tracer " + id + ": there is none");
    }
    return status.end().isPresent();
  }

  @Override
  public Optional<TracerResult> stop(TracerId id) {
    return tracers.remove(id) == null ? Optional.empty() : Optional.of(result);
  }
}
