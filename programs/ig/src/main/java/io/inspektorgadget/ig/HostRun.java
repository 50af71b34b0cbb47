// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.kernel.io.HangupWatch;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.util.List;

/** A gadget that runs in this process, with the containers that it looks at. */
final class HostRun implements LaunchedRun {
  static final int STANDARD_OUTPUT = 1;

  private final CollectionStart containers;
  private final GadgetRun run;
  private final HangupWatch reader;
  private final Runnable atEnd;

  private HostRun(CollectionStart containers, GadgetRun run, HangupWatch reader, Runnable atEnd) {
    this.containers = containers;
    this.run = run;
    this.reader = reader;
    this.atEnd = atEnd;
  }

  /**
   * Takes both over: they are closed with it, the run first. It stops when whoever reads standard
   * output has gone, which may be long before the next event would tell.
   *
   * @param atEnd done when the run has ended by itself or was stopped
   * @throws RuntimeException if that cannot be watched; the run is closed then, the containers stay
   *     the caller's
   */
  static HostRun of(CollectionStart containers, GadgetRun run, Runnable atEnd) {
    try {
      return new HostRun(containers, run, HangupWatch.of(STANDARD_OUTPUT, run::stop), atEnd);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
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
    EndCause cause = run.awaitEnd();
    atEnd.run();
    return cause;
  }

  @Override
  public void stop() {
    run.stop();
  }

  @Override
  public void close() {
    try (containers;
        reader) {
      // The user gets the prompt back at once; nothing of this process comes after it.
      run.closeAndLeave();
    }
  }
}
