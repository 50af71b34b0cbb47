// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.schema.DataSource;
import java.util.List;

/** Makes the sinks that print events. */
@FunctionalInterface
public interface SinkSource {

  /**
   * A sink that prints as the options say.
   *
   * @param sources all data sources whose events may come
   * @throws io.inspektorgadget.cli.flag.UsageException if an option does not suit the sources
   */
  EventSink open(List<DataSource> sources, OutputOptions options, Streams streams);
}
