// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.engine.EngineSockets.Place;
import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The engines of the host, each of which is asked about its own containers. Whoever is not there is
 * not asked. Used by one thread at a time; closed by whoever made it.
 */
public final class Engines implements AutoCloseable {
  private final MountView host;
  private final EngineSockets sockets;
  private final Map<String, EngineClient> clients = new HashMap<>();

  /** The engines at these sockets. */
  public Engines(HostFilesystem host, EngineSockets sockets) {
    this.host = MountView.ofHost(host);
    this.sockets = sockets;
  }

  /** What to say about sockets that a user named and that are not there. */
  public List<String> absences() {
    List<String> absences = new ArrayList<>();
    for (Place place : sockets.named()) {
      if (!isThere(place)) {
        absences.add(
            "asking for names and labels of containers at "
                + place.path()
                + ": there is no such socket (start the engine's service, or name another)");
      }
    }
    return absences;
  }

  /** True if one of the engines runs containers like this one and could say more about it. */
  public boolean mayTell(ContainerInfo container) {
    return !place(container).isNone() && EngineAnswer.isWantedFor(container);
  }

  /**
   * Asks about a container, and waits for the answer.
   *
   * @return the answer; empty if its engine does not know it, or is not there
   * @throws IOException if its engine does not answer in time, or by an error or nonsense
   */
  public Optional<EngineAnswer> ask(ContainerInfo container) throws IOException {
    Place place = place(container);
    if (!isThere(place) || !isOfHost(container)) {
      return Optional.empty();
    }
    try {
      return answer(container);
    } catch (ConnectException e) {
      if (place.isNamed()) {
        throw e;
      }
      // The socket is what is left of an engine that was stopped.
      return Optional.empty();
    }
  }

  private Optional<EngineAnswer> answer(ContainerInfo container) throws IOException {
    return switch (container.runtime().runtimeName()) {
      case "docker" -> client("docker", sockets.docker(), DockerClient::new).ask(container);
      case "podman" -> client("podman", sockets.podman(), PodmanClient::new).ask(container);
      case "cri-o" -> client("cri", sockets.cri(), CriClient::new).ask(container);
      default -> ofContainerd(container);
    };
  }

  /** What containers of pods are called, its interface for the kubelet knows best. */
  private Optional<EngineAnswer> ofContainerd(ContainerInfo container) throws IOException {
    if (CriClient.knows(container)) {
      try {
        return client("cri", criOfContainerd(), CriClient::new).ask(container);
      } catch (GrpcException e) {
        if (!e.isUnimplemented()) {
          throw e;
        }
        // Switched off: containerd's own interface knows the container as well.
      }
    }
    return client("containerd", sockets.containerd(), ContainerdClient::new).ask(container);
  }

  private Place criOfContainerd() {
    return sockets.cri().isNamed() ? sockets.cri() : sockets.containerd();
  }

  private Place place(ContainerInfo container) {
    return switch (container.runtime().runtimeName()) {
      case "docker" -> sockets.docker();
      case "podman" -> sockets.podman();
      case "cri-o" -> sockets.cri();
      case "containerd" -> CriClient.knows(container) ? criOfContainerd() : sockets.containerd();
      default -> Place.NONE;
    };
  }

  private EngineClient client(String kind, Place place, Function<Path, EngineClient> maker) {
    // Of one socket there may be two clients: one of its own interface, one of the kubelet's.
    String key = kind + " " + place.path();
    return clients.computeIfAbsent(key, _ -> maker.apply(host.resolve(place.path())));
  }

  private boolean isThere(Place place) {
    return !place.isNone() && Files.exists(host.resolve(place.path()));
  }

  /** False for a container inside a node that is a container: the node has engines of its own. */
  private boolean isOfHost(ContainerInfo container) {
    return Files.exists(host.resolve(container.bundle()).resolve("config.json"));
  }

  /** Ends the connections; the next question opens one again. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (EngineClient client : clients.values()) {
      try {
        client.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
