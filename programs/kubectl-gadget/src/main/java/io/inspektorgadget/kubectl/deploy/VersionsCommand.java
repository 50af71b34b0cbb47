// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.ClusterFlags;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.kubectl.cluster.VersionSkew;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Prints the version of this program and of the gadget pods. */
public final class VersionsCommand implements ProgramCommand {
  private static final Flag CLIENT =
      Flag.ofSwitch(FlagGroup.RUN, "--client", "of this program only; ask no cluster");

  private final Map<String, String> environment;
  private final Supplier<String> version;

  /**
   * The command.
   *
   * @param environment may name the kubeconfig
   * @param version of this program
   */
  public VersionsCommand(Map<String, String> environment, Supplier<String> version) {
    this.environment = Map.copyOf(environment);
    this.version = version;
  }

  @Override
  public String name() {
    return "version";
  }

  @Override
  public String summary() {
    return "print the version of this program and of the gadget pods";
  }

  @Override
  public List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(List.of(CLIENT));
    flags.addAll(ClusterFlags.all());
    return flags;
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    streams.print("Client version: " + version.get() + "\n");
    if (flags.isOn(CLIENT)) {
      return ExitStatus.OK;
    }
    try (Cluster cluster = Cluster.open(flags, environment)) {
      Set<String> versions = new TreeSet<>();
      List<GadgetPod> pods = GadgetPod.list(cluster);
      for (GadgetPod pod : pods) {
        versions.add(pod.version().isEmpty() ? "unknown (" + pod.image() + ")" : pod.version());
      }
      String known = versions.isEmpty() ? "not installed" : String.join(", ", versions);
      streams.print("Server version: " + known + "\n");
      String skew = VersionSkew.warning(pods, version.get());
      if (skew != null) {
        streams.err().warning(skew);
      }
    }
    return ExitStatus.OK;
  }
}
