// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.model.event.EndCause;
import java.util.List;

/** A run that is over as soon as it has begun. */
final class FinishedRun implements LaunchedRun {
  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public void awaitAttached() {}

  @Override
  public EndCause awaitEnd() {
    return new EndCause.Completed();
  }

  @Override
  public void stop() {}

  @Override
  public void close() {}
}
