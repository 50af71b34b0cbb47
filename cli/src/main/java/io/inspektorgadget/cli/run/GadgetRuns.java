// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs gadgets in the foreground: from the start to the last line and the exit status. */
public final class GadgetRuns {
  private final GadgetLauncher launcher;
  private final SinkSource sinks;
  private final StopRequests stops;

  /**
   * Runs of a launcher.
   *
   * @param launcher starts them
   * @param sinks prints their events
   * @param stops tells when the user wants an end
   */
  public GadgetRuns(GadgetLauncher launcher, SinkSource sinks, StopRequests stops) {
    this.launcher = launcher;
    this.sinks = sinks;
    this.stops = stops;
  }

  /** Who starts the runs. */
  public GadgetLauncher launcher() {
    return launcher;
  }

  /**
   * Runs a gadget until it ends or the user ends it.
   *
   * @return the exit status
   * @throws RuntimeException if it cannot be started or does not come to a good end; the message is
   *     for the user
   * @throws IOException if standard output cannot be written
   */
  public int run(GadgetInvocation invocation, Streams streams) throws IOException {
    EventSink sink =
        sinks.open(sources(invocation.request().gadget()), invocation.output(), streams);
    EndCause cause;
    try (LaunchedRun run = launcher.launch(invocation, sink)) {
      stops.whenStopped(run::stop);
      run.awaitAttached();
      if (invocation.verbose()) {
        for (String note : run.notes()) {
          streams.err().line(note);
        }
        streams.err().line("running...");
      }
      cause = run.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("running " + invocation.command() + ": interrupted", "", e);
    }
    streams.out().flush();
    if (cause instanceof EndCause.Failed(Throwable failure)) {
      throw failed(invocation, failure);
    }
    return ExitStatus.OK;
  }

  private static List<DataSource> sources(GadgetSpec gadget) {
    List<DataSource> sources = new ArrayList<>(gadget.sources().size());
    for (GadgetSpec.SourceSpec source : gadget.sources()) {
      sources.add(source.source());
    }
    return sources;
  }

  private static RuntimeException failed(GadgetInvocation invocation, Throwable failure) {
    if (failure instanceof RuntimeException known) {
      return known;
    }
    return new RunException("running " + invocation.command() + ": " + failure, "", failure);
  }
}
