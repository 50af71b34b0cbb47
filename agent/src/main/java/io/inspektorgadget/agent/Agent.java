// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import io.inspektorgadget.agent.stream.LineLog;
import io.inspektorgadget.agent.stream.StreamServer;
import io.inspektorgadget.agent.tracer.GadgetTracers;
import io.inspektorgadget.agent.tracer.TracerControl;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The parts of a gadget pod, started in the order in which they need each other. The socket is
 * there when everything works, so it tells when the pod is ready. The owner closes it.
 */
public final class Agent implements AutoCloseable {
  private final ContainerCollection containers;
  private final GadgetTracers tracers;
  private final StreamServer streams;

  private Agent(ContainerCollection containers, GadgetTracers tracers, StreamServer streams) {
    this.containers = containers;
    this.tracers = tracers;
    this.streams = streams;
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
      return new Agent(containers, tracers, StreamServer.open(options.socket(), tracers, log));
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

  /** The list of running gadgets, for whoever starts and stops them. */
  public TracerControl tracers() {
    return tracers;
  }

  /**
   * Stops all gadgets, lets their readers take the rest, and detaches everything. Closing twice is
   * fine.
   */
  @Override
  public void close() {
    try (containers;
        streams) {
      tracers.close();
    }
  }
}
