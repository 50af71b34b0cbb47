// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.BuildResources;
import io.inspektorgadget.cli.Program;
import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.ProgramIdentity;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.DiscoveryFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.PrinterSource;
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
    ListContainersCommand list =
        new ListContainersCommand(host, options, new PrinterSource(), stop);
    if (looksLikeRun(args)) {
      launcher.foresee();
    }
    stop.finish(
        program(launcher, stop, List.of(args), List.of(list, new DoctorCommand(host)))
            .run(List.of(args), streams));
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
      HostLauncher launcher,
      StopSignal stop,
      List<String> arguments,
      List<ProgramCommand> commands) {
    List<Flag> targetFlags = new ArrayList<>(ContainerFlags.onHost());
    targetFlags.addAll(DiscoveryFlags.all());
    BuildResources build = new BuildResources(IgMain.class);
    ProgramIdentity identity =
        new ProgramIdentity("ig", "ig", SUMMARY, build::version, targetFlags);
    GadgetRuns runs = new GadgetRuns(launcher, new PrinterSource(), stop);
    return new Program(identity, () -> build.catalog(arguments), runs, commands);
  }
}
