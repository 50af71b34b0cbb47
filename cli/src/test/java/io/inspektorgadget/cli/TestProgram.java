// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.GadgetLauncher;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.run.SinkSource;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program over {@link TestCatalog} whose launcher only notes what it is asked for. */
final class TestProgram implements GadgetLauncher {
  final List<RunRequest> launched = new ArrayList<>();
  final List<String> read = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Streams streams;
  private final Program program;

  TestProgram(SinkSource sinks, StopRequests stops, boolean isTerminal) {
    this.streams =
        new Streams(
            new StandardOutput(out, false),
            new StandardError(err),
            new Terminal(isTerminal, Map.of("COLUMNS", "100", "NO_COLOR", "1"), () -> 0));
    this.program =
        new Program(
            new ProgramIdentity(
                "ig", "ig", "Trace containers.", () -> "1.2.3", ContainerFlags.onHost()),
            TestCatalog::catalog,
            new GadgetRuns(this, sinks, stops),
            List.of());
  }

  TestProgram() {
    this((sources, options, s) -> new RecordingSink(), action -> {}, false);
  }

  int run(String... args) {
    out.reset();
    err.reset();
    return program.run(List.of(args), streams);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public GadgetSpec read(String target) {
    read.add(target);
    throw new RunException("reading the gadget " + target + ": no program in it");
  }

  @Override
  public LaunchedRun launch(GadgetInvocation invocation, EventSink sink) {
    launched.add(invocation.request());
    return new FinishedRun();
  }
}
