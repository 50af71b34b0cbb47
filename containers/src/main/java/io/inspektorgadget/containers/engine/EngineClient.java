// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.util.Optional;

/** Asks one engine. Single thread; closed by whoever made it. */
interface EngineClient extends AutoCloseable {

  /** How long an engine may take to answer. */
  long LIMIT_MS = 2_000;

  /**
   * Asks about a container, and waits for the answer.
   *
   * @return the answer; empty if the engine does not know the container
   * @throws IOException if it does not answer in time, or by an error or nonsense
   */
  Optional<EngineAnswer> ask(ContainerInfo container) throws IOException;

  /** Ends what was opened for the questions so far; the next one opens it again. */
  @Override
  default void close() throws IOException {
    // Most have nothing open between two questions.
  }
}
