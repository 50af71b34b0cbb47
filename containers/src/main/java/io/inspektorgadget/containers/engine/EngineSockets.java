// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Where engines can be asked. Immutable.
 *
 * @param containerd containerd's own interface
 * @param cri the interface that containerd and CRI-O have for the kubelet
 * @param docker Docker's daemon
 * @param podman podman's service
 */
public record EngineSockets(Place containerd, Place cri, Place docker, Place podman) {

  /** Nobody is asked. */
  public static final EngineSockets NONE =
      new EngineSockets(Place.NONE, Place.NONE, Place.NONE, Place.NONE);

  /** Where engines usually are; whoever is not there is not asked. */
  public static final EngineSockets USUAL =
      new EngineSockets(
          Place.usual("/run/containerd/containerd.sock"),
          Place.usual("/run/crio/crio.sock"),
          Place.usual("/run/docker.sock"),
          Place.usual("/run/podman/podman.sock"));

  /**
   * A socket.
   *
   * @param path its path on the host, absolute; empty: nobody is asked
   * @param isNamed true if a user named it, and so is to be told if nobody answers there
   */
  public record Place(String path, boolean isNamed) {
    static final Place NONE = new Place("", false);

    /** A socket that may or may not be there. */
    static Place usual(String path) {
      return new Place(path, false);
    }

    /** A socket that a user has named. */
    static Place named(String path) {
      return new Place(path, true);
    }

    boolean isNone() {
      return path.isEmpty();
    }
  }

  /** Who can be asked. */
  public enum Engine {
    /** containerd by its own interface. */
    CONTAINERD,
    /** containerd and CRI-O by the kubelet's. */
    CRI,
    /** Docker's daemon. */
    DOCKER,
    /** podman's service. */
    PODMAN
  }

  /**
   * The same, and one is where a user says.
   *
   * @param path its socket on the host, absolute
   */
  public EngineSockets withNamed(Engine engine, String path) {
    Place place = Place.named(path);
    return new EngineSockets(
        engine == Engine.CONTAINERD ? place : containerd,
        engine == Engine.CRI ? place : cri,
        engine == Engine.DOCKER ? place : docker,
        engine == Engine.PODMAN ? place : podman);
  }

  /** Those that a user has named. */
  List<Place> named() {
    List<Place> named = new ArrayList<>();
    for (Place place : List.of(containerd, cri, docker, podman)) {
      if (place.isNamed()) {
        named.add(place);
      }
    }
    return named;
  }
}
