// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import java.util.ArrayList;
import java.util.List;

/** A sink that notes its calls. */
public final class RecordingSink implements EventSink {
  private final List<String> calls = new ArrayList<>();

  /** The calls, in order. */
  public List<String> calls() {
    return calls;
  }

  @Override
  public void opened(DataSource source) {
    calls.add("opened " + source.name());
  }

  @Override
  public void event(EventView event) {
    calls.add("event");
  }

  @Override
  public void batchEnd(DataSource source) {
    calls.add("batchEnd " + source.name());
  }

  @Override
  public void loss(LossReport loss) {
    calls.add("loss " + loss.count());
  }

  @Override
  public void warning(String message) {
    calls.add("warning " + message);
  }

  @Override
  public void ended(EndCause cause) {
    calls.add("ended");
  }
}
