// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.model.event.EventSink;

/** Makes the sinks that print events. */
@FunctionalInterface
public interface SinkSource {

  /**
   * A sink that prints as the options say.
   *
   * @throws RuntimeException if an option is wrong, at once or when the first source is opened; the
   *     message is for the user
   */
  EventSink open(OutputOptions options, Streams streams);
}
