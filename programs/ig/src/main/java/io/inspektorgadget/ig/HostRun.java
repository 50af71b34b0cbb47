// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.util.List;

/** A gadget that runs in this process, with the containers that it looks at. */
final class HostRun implements LaunchedRun {
  private final CollectionStart containers;
  private final GadgetRun run;

  /** Takes both over: they are closed with it, the run first. */
  HostRun(CollectionStart containers, GadgetRun run) {
    this.containers = containers;
    this.run = run;
  }

  @Override
  public List<String> notes() {
    return run.attachedPrograms();
  }

  @Override
  public void awaitAttached() throws InterruptedException {
    run.awaitAttached();
  }

  @Override
  public EndCause awaitEnd() throws InterruptedException {
    return run.awaitEnd();
  }

  @Override
  public void stop() {
    run.stop();
  }

  @Override
  public void close() {
    try (containers) {
      run.close();
    }
  }
}
