// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceGadget;
import io.inspektorgadget.trace.client.ClusterException;
import io.inspektorgadget.trace.client.ClusterFailure;
import io.inspektorgadget.trace.stream.ControlLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A gadget on several nodes, as one run. It makes a Trace for each node and reads each stream on a
 * thread of its own; nodes that come later are taken in.
 */
final class ClusterRun implements LaunchedRun, ClusterWatch.Listener {
  /** A gadget pod answers in milliseconds; one that does not is in trouble. */
  private static final long ANSWER_LIMIT_MS = 20_000;

  /** Traces that are made at the same time. */
  private static final int REQUESTS_MAX = 16;

  /** How long the last lines may take to come after the end. */
  private static final long LAST_LINES_LIMIT_MS = 5_000;

  private final Cluster cluster;
  private final TraceWish wish;
  private final GadgetInvocation invocation;
  private final RunTraces traces;
  private final RunMerge merge;
  private final StreamConnector connector;
  private final StartTimes times;

  // All of these are guarded by this object.
  private final Map<String, NodeRun> nodes = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private int running;
  private boolean isStopRequested;
  private boolean isEnding;
  private @Nullable RuntimeException failure;

  private @Nullable ClusterWatch watch;
  private boolean isDeleted;
  private boolean isTidy;

  /** A node with what reads it. */
  private record NodeRun(NodeState state, String traceName, NodeReader reader) {}

  /**
   * A run that has not begun.
   *
   * @param cluster closed with it
   * @param sink receives what the nodes send
   * @param times is told of the steps of the start
   */
  ClusterRun(
      Cluster cluster,
      TraceWish wish,
      GadgetInvocation invocation,
      EventSink sink,
      StartTimes times) {
    this.cluster = cluster;
    this.wish = wish;
    this.invocation = invocation;
    this.traces = new RunTraces(cluster, wish);
    this.connector = new PodConnector(cluster);
    this.times = times;
    this.merge =
        new RunMerge(
            invocation.request().gadget().sources().stream()
                .map(GadgetSpec.SourceSpec::source)
                .toList(),
            sink);
  }

  /**
   * Opens the streams, makes the Traces meanwhile, and begins to follow them.
   *
   * @param pods where
   * @throws ClusterException if one cannot be made; there is none left then
   */
  void start(List<GadgetPod> pods) {
    try {
      merge.open();
      List<NodeRun> begun = pods.stream().map(this::begin).toList();
      createTraces(begun);
      watch = ClusterWatch.start(cluster, traces, this);
    } catch (RuntimeException e) {
      stopReaders();
      if (!traces.isAnyMade() && ClusterFailure.isForbidden(e)) {
        // There is no Trace, and whoever may not make any may not delete any either.
        isDeleted = true;
        isTidy = true;
      }
      deleteTraces();
      throw e;
    }
  }

  /** Takes a node in and opens its stream, before its Trace is made. */
  private NodeRun begin(GadgetPod pod) {
    String name = traces.newName();
    String tracerId = Trace.tracerId(GadgetPod.NAMESPACE, name);
    NodeState state = new NodeState(pod.node(), pod.name(), times);
    NodeReader reader = new NodeReader(state, tracerId, connector, merge.begin(pod.node()));
    NodeRun run = new NodeRun(state, name, reader);
    Thread thread = new Thread(() -> read(state, reader), "stream-" + pod.node());
    thread.setDaemon(true);
    synchronized (this) {
      nodes.put(pod.node(), run);
      notes.add(pod.node() + ": Trace " + name + ", pod " + pod.name());
      running++;
    }
    thread.start();
    return run;
  }

  private void createTraces(List<NodeRun> begun) {
    if (begun.size() == 1) {
      create(begun.getFirst());
      return;
    }
    try (ExecutorService requests =
        Executors.newFixedThreadPool(Math.min(begun.size(), REQUESTS_MAX))) {
      CompletableFuture.allOf(
              begun.stream()
                  .map(run -> CompletableFuture.runAsync(() -> create(run), requests))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw e;
    }
  }

  private void create(NodeRun run) {
    traces.create(run.state().node(), run.traceName());
    times.reached(run.state().node() + ": Trace " + run.traceName() + " is made");
  }

  private void add(GadgetPod pod) {
    NodeRun run = begin(pod);
    try {
      create(run);
    } catch (ClusterException e) {
      synchronized (this) {
        nodes.remove(pod.node());
      }
      run.reader().cut();
      throw e;
    }
  }

  private void read(NodeState state, NodeReader reader) {
    try {
      reader.run();
      ControlLine.End end = reader.end();
      if (end != null && end.cause() == ControlLine.Cause.FAILED) {
        state.fail(end.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failed(e);
    } finally {
      finished(state);
    }
  }

  private void finished(NodeState state) {
    try {
      merge.ended(state.node());
    } catch (RuntimeException e) {
      failed(e);
    }
    synchronized (this) {
      running--;
      notifyAll();
    }
  }

  private synchronized void failed(RuntimeException cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  @Override
  public void trace(String node, @Nullable Trace trace) {
    NodeRun run = node(node);
    if (run == null) {
      return;
    }
    if (trace == null) {
      run.state().gone();
    } else {
      run.state().told(trace);
    }
    if (run.state().isRefused()) {
      // Its pod would go on waiting for what does not come.
      run.reader().cut();
    }
  }

  @Override
  public void pod(GadgetPod pod, boolean isGone) {
    NodeRun run = node(pod.node());
    boolean works = pod.ready() && !isGone;
    if (run != null) {
      NodeState state = run.state();
      if (works) {
        state.moved(pod.name());
      } else if (isGone && state.pod().equals(pod.name())) {
        state.moved("");
      }
      return;
    }
    synchronized (this) {
      boolean takesIn = !invocation.flags().has(ContainerFlags.NODE);
      if (!works || !takesIn || isEnding || isStopRequested) {
        return;
      }
    }
    try {
      add(pod);
      merge.warning(pod.node() + " has come: it is traced from now on");
    } catch (ClusterException e) {
      merge.warning(pod.node() + " has come, and is left out: " + e.getMessage());
    }
  }

  private synchronized @Nullable NodeRun node(String name) {
    return nodes.get(name);
  }

  private synchronized List<NodeRun> nodes() {
    return List.copyOf(nodes.values());
  }

  @Override
  public synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** The value of the label that its Traces share. */
  String runId() {
    return traces.runId();
  }

  /** True if its Traces were deleted, as far as is known to its own thread. */
  boolean isTidy() {
    return isTidy;
  }

  @Override
  public void awaitAttached() throws InterruptedException {
    long end = System.nanoTime() + ANSWER_LIMIT_MS * 1_000_000;
    List<NodeState> states = nodes().stream().map(NodeRun::state).toList();
    for (NodeState state : states) {
      long leftMs = Math.max(0, (end - System.nanoTime()) / 1_000_000);
      if (!state.awaitAnswer(leftMs)) {
        state.fail(
            "its gadget pod has not answered within "
                + ANSWER_LIMIT_MS / 1000
                + " s (kubectl logs -n "
                + GadgetPod.NAMESPACE
                + " "
                + state.pod()
                + " may say why)");
      }
    }
    NodeMessages.of(states, NodeState::warning).warnings().forEach(merge::warning);
    NodeMessages failures = NodeMessages.of(states, NodeState::failure);
    if (failures.isOfAll()) {
      throw new ClusterException(failures.error(invocation.command()), null);
    }
    failures.warnings().forEach(merge::warning);
    if (watch != null && wish.gadget().answer() != TraceGadget.Answer.AT_ONCE) {
      watch.followPods();
    }
  }

  @Override
  public EndCause awaitEnd() throws InterruptedException {
    boolean timedOut = !awaitReason();
    EndCause cause = timedOut ? new EndCause.TimedOut() : new EndCause.Stopped();
    synchronized (this) {
      isEnding = true;
      if (running == 0 && !isStopRequested && failure == null) {
        cause = new EndCause.Completed();
      }
    }
    nodes().forEach(node -> node.state().stop());
    deleteTraces();
    nodes().stream().filter(node -> node.state().isUnheard()).forEach(node -> node.reader().cut());
    awaitLastLines();
    stopReaders();
    RuntimeException broken = failure();
    if (broken == null) {
      List<NodeState> states = nodes().stream().map(NodeRun::state).toList();
      NodeMessages failures = NodeMessages.of(states, NodeState::failure);
      if (!failures.isEmpty()) {
        broken = new ClusterException(failures.error(invocation.command()), null);
      }
    }
    EndCause whole = broken == null ? cause : new EndCause.Failed(broken);
    merge.end(whole);
    return whole;
  }

  private synchronized @Nullable RuntimeException failure() {
    return failure;
  }

  /** Waits for a reason to end; false if it is the time limit. */
  private synchronized boolean awaitReason() throws InterruptedException {
    long timeoutMs = invocation.request().limits().timeoutMs();
    long end = System.nanoTime() + timeoutMs * 1_000_000;
    while (running > 0 && !isStopRequested && failure == null) {
      long leftMs = timeoutMs == 0 ? 0 : (end - System.nanoTime()) / 1_000_000;
      if (timeoutMs != 0 && leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  private synchronized void awaitLastLines() throws InterruptedException {
    long end = System.nanoTime() + LAST_LINES_LIMIT_MS * 1_000_000;
    long leftMs = LAST_LINES_LIMIT_MS;
    while (running > 0 && failure == null && leftMs > 0) {
      wait(leftMs);
      leftMs = (end - System.nanoTime()) / 1_000_000;
    }
  }

  private void stopReaders() {
    for (NodeRun node : nodes()) {
      node.state().stop();
      node.reader().cut();
    }
  }

  /** What cannot be deleted is said, with the command that does it later. */
  private void deleteTraces() {
    if (isDeleted) {
      return;
    }
    isDeleted = true;
    Set<String> used;
    synchronized (this) {
      used = new HashSet<>(nodes.keySet());
    }
    try {
      traces.delete();
      isTidy = true;
      traces.release(used);
    } catch (ClusterException e) {
      merge.warning(
          e.getMessage()
              + "; later, kubectl delete traces -n "
              + GadgetPod.NAMESPACE
              + " -l "
              + RunTraces.RUN_LABEL
              + "="
              + traces.runId()
              + " does it, and so does the next run");
    }
  }

  @Override
  public synchronized void stop() {
    isStopRequested = true;
    nodes.values().forEach(node -> node.state().stop());
    notifyAll();
  }

  @Override
  public void close() {
    stopReaders();
    try (cluster) {
      if (watch != null) {
        watch.close();
      }
      deleteTraces();
    }
  }
}
