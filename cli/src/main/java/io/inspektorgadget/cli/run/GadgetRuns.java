// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Runs gadgets in the foreground: from the start to the last line and the exit status. */
public final class GadgetRuns {
  private static final Pattern NO_INTERVAL = Pattern.compile("0+(ms|s)?");

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
      if (streams.terminal().isTerminal() && showsNothingBeforeTheEnd(invocation.request())) {
        streams.err().line(measuring(invocation.request().limits().timeoutMs()));
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

  /** True if all that the gadget counts is read when it ends, so that a screen would stay empty. */
  private static boolean showsNothingBeforeTheEnd(RunRequest request) {
    return request.limits().intervalMs() == 0
        && sources(request.gadget()).stream()
            .allMatch(source ->
                source.kind() == DataSource.Kind.INTERVAL
                    && NO_INTERVAL.matcher(source.annotation("fetch-interval")).matches());
  }

  private static String measuring(long timeoutMs) {
    if (timeoutMs == 0) {
      return "measuring until Ctrl-C, which shows the result";
    }
    String time = timeoutMs % 1000 == 0 ? timeoutMs / 1000 + " s" : timeoutMs + " ms";
    return "measuring for " + time + "; Ctrl-C shows the result sooner";
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
