// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.Program;
import io.inspektorgadget.cli.ProgramIdentity;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.PrinterSource;
import io.inspektorgadget.cli.run.SinkSource;
import io.inspektorgadget.cli.terminal.StopSignal;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.util.List;

/** Starts {@code ig}. */
public final class IgMain {
  private static final String SUMMARY =
      "Shows what containers on this host really do, seen from the kernel.";

  private IgMain() {}

  /** Runs the command line and ends the process with its status. */
  public static void main(String[] args) {
    StopSignal stop = StopSignal.install();
    Streams streams = Streams.ofProcess(new TerminalWindow());
    stop.finish(program(stop, streams).run(List.of(args), streams));
  }

  private static Program program(StopSignal stop, Streams streams) {
    ProgramIdentity identity =
        new ProgramIdentity("ig", "ig", SUMMARY, BuildResources::version, ContainerFlags.onHost());
    HostFilesystem host = HostFilesystem.ofEnvironment();
    SinkSource sinks = new PrinterSource();
    GadgetRuns runs = new GadgetRuns(new HostLauncher(host, streams.err()), sinks, stop);
    return new Program(
        identity,
        BuildResources::catalog,
        runs,
        List.of(new ListContainersCommand(host, sinks, stop), new DoctorCommand(host)));
  }
}
