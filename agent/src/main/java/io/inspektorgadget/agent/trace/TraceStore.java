// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceStatus;
import org.jspecify.annotations.Nullable;

/**
 * The Traces in the API server. What it hands out is what the server says at that moment, never a
 * copy that may be older. All methods throw a {@link RuntimeException} if the server cannot be
 * asked; the caller tries again later.
 */
interface TraceStore {
  /** The Trace, or null if there is none. */
  @Nullable Trace find(TraceKey key);

  /** Writes its whole status. */
  void writeStatus(Trace trace, TraceStatus status);

  /**
   * Takes its operation off, with the annotations that belong to it.
   *
   * @throws TraceChangedException if the operation is another one by now; nothing is taken off then
   */
  void takeOperation(Trace trace);

  /**
   * Keeps it from vanishing before its node has agreed.
   *
   * @throws TraceChangedException if somebody has changed the Trace meanwhile
   */
  void addFinalizer(Trace trace);

  /**
   * Lets it vanish.
   *
   * @throws TraceChangedException if somebody has changed the Trace meanwhile
   */
  void removeFinalizer(Trace trace);
}
