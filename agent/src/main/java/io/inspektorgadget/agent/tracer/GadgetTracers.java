// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.tracer;

import io.inspektorgadget.agent.stream.LineLog;
import io.inspektorgadget.agent.stream.StreamSource;
import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.kernel.io.ThreadEnd;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.trace.stream.StreamRequest;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Gadget Tracer Manager: the list of running gadgets, and what the socket's clients can read of
 * them. The owner closes it, before the containers that the gadgets look at.
 */
public final class GadgetTracers implements TracerControl, StreamSource, AutoCloseable {
  private final GadgetRunner runner;
  private final Supplier<List<ContainerInfo>> containers;
  private final Supplier<Optional<String>> health;
  private final LineLog.Limits limits;
  private final String process = Long.toHexString(System.currentTimeMillis());
  private final Map<TracerId, Tracer> tracers = new LinkedHashMap<>();
  private final List<Consumer<String>> logListeners = new CopyOnWriteArrayList<>();
  private long begun;
  private boolean isClosed;

  /**
   * An empty list.
   *
   * @param runner starts the gadgets
   * @param containers those that run now, for dumps; must not wait
   * @param health why the pod does not work any more, empty if it does; must not wait
   * @param limits what the log of each run keeps
   */
  public GadgetTracers(
      GadgetRunner runner,
      Supplier<List<ContainerInfo>> containers,
      Supplier<Optional<String>> health,
      LineLog.Limits limits) {
    this.runner = runner;
    this.containers = containers;
    this.health = health;
    this.limits = limits;
  }

  @Override
  public void start(TracerId id, RunRequest request, Delivery delivery, Rows rows) {
    Tracer tracer = enlist(id, request, delivery);
    // Whoever waits for its lines reads from before the first event.
    logListeners.forEach(listener -> listener.accept(id.text()));
    try {
      tracer.start(runner, rows);
    } catch (RuntimeException | Error e) {
      tracer.log().end(new EndCause.Failed(e));
      tracer.stop();
      delist(tracer);
      throw e;
    }
  }

  private synchronized Tracer enlist(TracerId id, RunRequest request, Delivery delivery) {
    if (isClosed) {
      throw new IllegalStateException("starting tracer " + id + ": this pod is ending");
    }
    if (tracers.containsKey(id)) {
      throw new IllegalStateException(
          "starting tracer " + id + ": it exists already; stop it first");
    }
    String run = process + "-" + ++begun;
    Tracer tracer = new Tracer(id, request, delivery, new LineLog(run, limits));
    tracers.put(id, tracer);
    return tracer;
  }

  private synchronized void delist(Tracer tracer) {
    tracers.remove(tracer.id(), tracer);
  }

  private synchronized @Nullable Tracer find(TracerId id) {
    return tracers.get(id);
  }

  private synchronized List<Tracer> all() {
    return new ArrayList<>(tracers.values());
  }

  @Override
  public Optional<TracerStatus> status(TracerId id) {
    return Optional.ofNullable(find(id)).map(Tracer::status);
  }

  @Override
  public List<TracerStatus> tracers() {
    return all().stream().map(Tracer::status).toList();
  }

  @Override
  public boolean selectsAny(ContainerSelector selector) {
    return selector.host() || containers.get().stream().anyMatch(selector::matches);
  }

  @Override
  public boolean awaitEnd(TracerId id, long timeoutMs) throws InterruptedException {
    Tracer tracer = find(id);
    if (tracer == null) {
      throw new IllegalStateException("waiting for tracer " + id + ": there is none of this id");
    }
    return tracer.awaitEnd(timeoutMs);
  }

  @Override
  public Optional<TracerResult> stop(TracerId id) {
    Tracer tracer = find(id);
    if (tracer == null) {
      return Optional.empty();
    }
    TracerResult result = tracer.stop();
    delist(tracer);
    return Optional.of(result);
  }

  @Override
  public Optional<LineLog> log(String tracerId) {
    try {
      return Optional.ofNullable(find(new TracerId(tracerId))).map(Tracer::log);
    } catch (IllegalArgumentException noTracerIsCalledSo) {
      return Optional.empty();
    }
  }

  @Override
  public void whenLogged(Consumer<String> listener) {
    logListeners.add(listener);
  }

  @Override
  public String dump(StreamRequest.Subject subject) {
    StateDump dump = new StateDump(containers.get(), tracers());
    return switch (subject) {
      case CONTAINERS -> dump.containers();
      case TRACES -> dump.traces();
      case ALL -> dump.containers() + dump.traces();
    };
  }

  @Override
  public Optional<String> trouble() {
    return health.get();
  }

  /**
   * Stops all runs, at the same time: detaching waits for the kernel, and a pod must end soon.
   * Nothing can be started afterwards. Closing twice is fine.
   */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    List<Thread> stops = new ArrayList<>();
    for (Tracer tracer : all()) {
      Thread stop = new Thread(() -> stop(tracer.id()), "tracer-stop " + tracer.id());
      stop.start();
      stops.add(stop);
    }
    for (Thread stop : stops) {
      ThreadEnd.await(stop);
    }
  }
}
