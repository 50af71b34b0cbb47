// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;

/** Hands everything on; a test overrides what it wants to be otherwise. */
class ForwardingSink implements EventSink {
  private final EventSink target;

  ForwardingSink(EventSink target) {
    this.target = target;
  }

  @Override
  public void opened(DataSource source) {
    target.opened(source);
  }

  @Override
  public void event(EventView event) {
    target.event(event);
  }

  @Override
  public void batchEnd(DataSource source) {
    target.batchEnd(source);
  }

  @Override
  public void loss(LossReport loss) {
    target.loss(loss);
  }

  @Override
  public void warning(String message) {
    target.warning(message);
  }

  @Override
  public void ended(EndCause cause) {
    target.ended(cause);
  }
}
