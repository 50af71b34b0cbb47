// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import io.inspektorgadget.model.container.ContainerInfo;
import java.util.List;

/** A place where running containers are written down. Used by one thread at a time. */
public interface ContainerSource {

  /**
   * The containers that run now. What is absent, unreadable or nonsense is left out; a container
   * may be missing what this place does not know.
   */
  List<ContainerInfo> scan();

  /** What the place is called in messages. */
  String name();
}
