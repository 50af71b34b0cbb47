// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.util.Map;

/**
 * What the engine that ordered a container from a runtime knows about it. Immutable; unknown texts
 * are empty.
 *
 * @param name the name that the user gave or that was made up for him
 * @param imageName the image as the user wrote it
 * @param imageDigest digest of the image's manifest
 * @param labels the labels of the container; unmodifiable
 */
public record EngineRecord(
    String name, String imageName, String imageDigest, Map<String, String> labels) {

  /** Nothing is written down. */
  static final EngineRecord EMPTY = new EngineRecord("", "", "", Map.of());

  public EngineRecord {
    labels = Map.copyOf(labels);
  }

  /**
   * What the engine of this container wrote.
   *
   * @param view how the engine sees files
   * @param engine the engine, such as {@code docker}
   * @param candidate the container
   * @param config what its bundle says
   */
  static EngineRecord of(MountView view, String engine, Candidate candidate, OciConfig config) {
    return switch (engine) {
      case "docker" -> DockerFolder.record(view, candidate.id(), config.rootPath());
      case "podman" -> ContainersStorage.record(view, candidate.id(), candidate.bundle());
      default -> EMPTY;
    };
  }
}
