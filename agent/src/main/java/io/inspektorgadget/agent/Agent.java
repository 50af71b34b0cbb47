// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.agent.cluster.NodePods;
import io.inspektorgadget.agent.stream.LineLog;
import io.inspektorgadget.agent.stream.StreamServer;
import io.inspektorgadget.agent.trace.TraceController;
import io.inspektorgadget.agent.tracer.GadgetTracers;
import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a gadget pod, started in the order in which they need each other. The socket is
 * there when everything works, so it tells when the pod is ready. The owner closes it.
 */
public final class Agent implements AutoCloseable {
  private static final long PODS_WAIT_MS = 2_000;

  private final AgentOptions options;
  private final Consumer<String> log;
  private final ContainerCollection containers;
  private final GadgetTracers tracers;
  private final StreamServer streams;
  private @Nullable KubernetesClient client;
  private @Nullable NodePods pods;
  private @Nullable TraceController controller;
  private boolean isClosed;

  private Agent(
      AgentOptions options,
      Consumer<String> log,
      ContainerCollection containers,
      GadgetTracers tracers) {
    this.options = options;
    this.log = log;
    this.containers = containers;
    this.tracers = tracers;
    this.streams = StreamServer.open(options.socket(), tracers, log);
  }

  /**
   * Starts everything.
   *
   * @param log takes what the pod's owner should know; one line each, from any thread
   * @throws RuntimeException if a part cannot be started; nothing is left behind then
   */
  public static Agent start(AgentOptions options, Consumer<String> log) {
    ContainerCollection containers =
        ContainerCollection.start(options.host(), options.collection());
    try {
      containers.warnings().forEach(log);
      GadgetRunner runner = new GadgetRunner(() -> containers, options.host(), options.nodeName());
      GadgetTracers tracers =
          new GadgetTracers(
              runner, containers::containers, () -> trouble(containers), LineLog.Limits.USUAL);
      return new Agent(options, log, containers, tracers);
    } catch (RuntimeException e) {
      containers.close();
      throw e;
    }
  }

  private static Optional<String> trouble(ContainerCollection containers) {
    return containers.isServing()
        ? Optional.empty()
        : Optional.of("noticing containers: its thread has ended (" + containers.warnings() + ")");
  }

  /**
   * Starts to follow the pods of this node and to perform its Traces, as soon as the API server
   * answers. Waits for the pods a little, so that filters find them.
   *
   * @param client how it is reached; the agent's from now on
   */
  public void performTraces(KubernetesClient client) throws InterruptedException {
    NodePods following;
    synchronized (this) {
      if (isClosed) {
        client.close();
        return;
      }
      this.client = client;
      following = NodePods.start(client, options.nodeName(), containers::completePods, log);
      pods = following;
    }
    following.awaitKnown(PODS_WAIT_MS);
    synchronized (this) {
      if (!isClosed) {
        controller =
            TraceController.start(
                client, new TraceController.Scope(options.nodeName(), catalog(), log), tracers);
      }
    }
  }

  private static Catalog catalog() {
    InputStream file = Agent.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE);
    if (file == null) {
      throw new IllegalStateException(
          "reading " + Catalog.RESOURCE + ": this build is not whole, build again");
    }
    return CatalogJson.read(file);
  }

  /** The list of running gadgets, for whoever starts and stops them. */
  public TracerControl tracers() {
    return tracers;
  }

  /**
   * Stops all gadgets, lets their readers take the rest, and detaches everything. Traces stay as
   * they are, so that they are taken up when the pod starts again. Closing twice is fine.
   */
  @Override
  public synchronized void close() {
    isClosed = true;
    KubernetesClient reached = client;
    NodePods followed = pods;
    try (containers;
        streams;
        reached;
        followed;
        tracers) {
      if (controller != null) {
        controller.close();
      }
    }
  }
}
