// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

/** A place where running containers are written down. Used by one thread at a time. */
public interface ContainerSource {

  /**
   * Adds the containers that run now, as the view of {@code found} shows them. What is absent,
   * unreadable or nonsense is left out; a container may be missing what this place does not know.
   */
  void scan(FoundContainers found);

  /** What the place is called in messages. */
  String name();
}
