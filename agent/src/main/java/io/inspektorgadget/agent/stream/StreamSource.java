// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.trace.stream.StreamRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** What the socket's clients can ask for. Called by the socket's thread, which must not wait. */
public interface StreamSource {

  /** The lines of a tracer; empty if there is none of that id. */
  Optional<LineLog> log(String tracerId);

  /**
   * Tells of each tracer whose lines can be read from now on, by any thread.
   *
   * @param listener receives its id; it must not wait
   */
  void whenLogged(Consumer<String> listener);

  /** What the pod knows, as lines of text. */
  String dump(StreamRequest.Subject subject);

  /** Why the pod does not work any more, so that it should be started again; empty if it does. */
  Optional<String> trouble();
}
