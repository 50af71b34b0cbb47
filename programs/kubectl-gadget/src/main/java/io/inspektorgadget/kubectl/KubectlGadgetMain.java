// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import io.inspektorgadget.cli.BuildResources;
import io.inspektorgadget.cli.Program;
import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.ProgramIdentity;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.PrinterSource;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.StopSignal;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kubectl.cluster.ClusterFlags;
import io.inspektorgadget.kubectl.deploy.DeployCommand;
import io.inspektorgadget.kubectl.deploy.UndeployCommand;
import io.inspektorgadget.kubectl.deploy.VersionsCommand;
import io.inspektorgadget.kubectl.run.ClusterCatalog;
import io.inspektorgadget.kubectl.run.ClusterLauncher;
import io.inspektorgadget.kubectl.run.ListContainersCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts {@code kubectl gadget}. */
public final class KubectlGadgetMain {
  private static final String SUMMARY =
      "Shows what the containers of a cluster really do, seen from the kernels of its nodes.";

  /** What was started in a cluster must be taken away, over a network. */
  private static final long END_PATIENCE_MS = 20_000;

  private KubectlGadgetMain() {}

  /** Runs the command line and ends the process with its status. */
  public static void main(String[] args) {
    StopSignal stop = StopSignal.install(END_PATIENCE_MS);
    Streams streams = Streams.ofProcess(new TerminalWindow());
    stop.finish(program(streams, stop, List.of(args)).run(List.of(args), streams));
  }

  /** The program, for a command line. */
  static Program program(Streams streams, StopRequests stop, List<String> arguments) {
    List<Flag> targetFlags = new ArrayList<>(ContainerFlags.inCluster());
    targetFlags.addAll(ClusterFlags.all());
    BuildResources build = new BuildResources(KubectlGadgetMain.class);
    Map<String, String> environment = System.getenv();
    ProgramIdentity identity =
        new ProgramIdentity(
            "kubectl gadget", "kubectl-gadget", SUMMARY, build::version, targetFlags);
    ClusterLauncher launcher = new ClusterLauncher(environment, build.version(), streams.err());
    List<ProgramCommand> commands =
        List.of(
            new DeployCommand(environment, build::version, stop),
            new UndeployCommand(environment),
            new ListContainersCommand(environment),
            new VersionsCommand(environment, build::version));
    return new Program(
        identity,
        () -> ClusterCatalog.of(build.catalog(arguments)),
        new GadgetRuns(launcher, new PrinterSource(), stop),
        commands);
  }
}
