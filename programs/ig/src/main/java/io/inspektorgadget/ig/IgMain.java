// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.BuildResources;
import io.inspektorgadget.cli.Program;
import io.inspektorgadget.cli.ProgramIdentity;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.PrinterSource;
import io.inspektorgadget.cli.run.SinkSource;
import io.inspektorgadget.cli.terminal.StopSignal;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Starts {@code ig}. */
public final class IgMain {
  private static final String SUMMARY =
      "Shows what containers on this host really do, seen from the kernel.";

  /** First words of commands that run a gadget; only a hint, the catalog decides. */
  private static final Set<String> CATEGORIES =
      Set.of("trace", "top", "snapshot", "profile", "audit", "advise", "run");

  private IgMain() {}

  /** Runs the command line and ends the process with its status. */
  public static void main(String[] args) {
    StopSignal stop = StopSignal.install();
    Streams streams = Streams.ofProcess(new TerminalWindow());
    HostFilesystem host = HostFilesystem.ofEnvironment();
    CollectionOptions options =
        CollectionChoice.of(System.getenv(), List.of(args), streams.err()::warning);
    HostLauncher launcher = new HostLauncher(host, options, streams.err());
    if (looksLikeRun(args)) {
      launcher.foresee();
    }
    stop.finish(program(host, launcher, stop, List.of(args)).run(List.of(args), streams));
  }

  /**
   * True for {@code CATEGORY GADGET …} without a wish for help; a wrong guess costs a little time.
   */
  private static boolean looksLikeRun(String[] args) {
    for (String argument : args) {
      if (argument.equals("--help") || argument.equals("-h")) {
        return false;
      }
    }
    return args.length >= 2 && CATEGORIES.contains(args[0]) && !args[1].startsWith("-");
  }

  private static Program program(
      HostFilesystem host, HostLauncher launcher, StopSignal stop, List<String> arguments) {
    List<Flag> targetFlags = new ArrayList<>(ContainerFlags.onHost());
    targetFlags.add(ContainerFlags.RUNTIME_PATHS);
    BuildResources build = new BuildResources(IgMain.class);
    ProgramIdentity identity =
        new ProgramIdentity("ig", "ig", SUMMARY, build::version, targetFlags);
    SinkSource sinks = new PrinterSource();
    GadgetRuns runs = new GadgetRuns(launcher, sinks, stop);
    return new Program(
        identity,
        () -> build.catalog(arguments),
        runs,
        List.of(new ListContainersCommand(host, sinks, stop), new DoctorCommand(host)));
  }
}
