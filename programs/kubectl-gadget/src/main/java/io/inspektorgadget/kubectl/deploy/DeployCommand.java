// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.Quantity;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.ClusterFlags;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Brings the gadget pods up in a cluster, or what is there to the version of this program. */
public final class DeployCommand implements ProgramCommand {
  private static final String FIELD_MANAGER = "kubectl-gadget";
  private static final String IMAGE_PREFIX = "localhost/inspektor-gadget:";
  private static final String PULL_POLICY_DEFAULT = "IfNotPresent";
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final long TIMEOUT_MS = 120_000;

  private static final Flag IMAGE =
      Flag.ofValue(FlagGroup.RUN, "--image", "NAME", "image of the gadget pods");
  private static final Flag PULL_POLICY =
      Flag.ofValue(
              FlagGroup.RUN,
              "--image-pull-policy",
              "POLICY",
              "when nodes fetch it: " + String.join(", ", PULL_POLICIES))
          .withValues(PULL_POLICIES);
  private static final Flag PRINT_ONLY =
      Flag.ofSwitch(FlagGroup.RUN, "--print-only", "print the manifests; ask no cluster");
  private static final Flag SKIP_SELINUX =
      Flag.ofSwitch(
          FlagGroup.RUN, "--skip-selinux-opts", "for nodes whose SELinux does not know spc_t");
  private static final Flag WAIT =
      Flag.ofSwitch(FlagGroup.RUN, "--wait", "wait until the pods are ready [default: true]");
  private static final Flag TIMEOUT =
      Flag.ofValue(FlagGroup.RUN, "--timeout", "SECONDS", "how long to wait [default: 120]");

  private final Map<String, String> environment;
  private final Supplier<String> version;
  private final StopRequests stops;

  /**
   * The command.
   *
   * @param environment may name the kubeconfig
   * @param version of this program
   * @param stops tells when the user does not want to wait any more
   */
  public DeployCommand(
      Map<String, String> environment, Supplier<String> version, StopRequests stops) {
    this.environment = Map.copyOf(environment);
    this.version = version;
    this.stops = stops;
  }

  @Override
  public String name() {
    return "deploy";
  }

  @Override
  public String summary() {
    return "bring the gadget pods up in the cluster, one on each node";
  }

  @Override
  public List<Flag> flags() {
    List<Flag> flags =
        new ArrayList<>(List.of(IMAGE, PULL_POLICY, PRINT_ONLY, SKIP_SELINUX, WAIT, TIMEOUT));
    flags.addAll(ClusterFlags.all());
    return flags;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kubectl gadget deploy                              # and wait until it is up",
        "kubectl gadget deploy --print-only > gadget.yaml   # for kubectl apply -f",
        "kubectl gadget deploy --image registry.example/inspektor-gadget:1");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    Manifests.Choices choices = choices(flags);
    String yaml = new Manifests(choices).yaml();
    if (flags.isOn(PRINT_ONLY)) {
      streams.print(yaml);
      return ExitStatus.OK;
    }
    String timeout = flags.text(TIMEOUT);
    long timeoutMs = timeout.isEmpty() ? TIMEOUT_MS : Quantity.durationMs(TIMEOUT, timeout);
    boolean waits = !flags.has(WAIT) || flags.isOn(WAIT);
    try (Cluster cluster = Cluster.open(flags, environment)) {
      for (HasMetadata part : parsed(cluster, yaml)) {
        String name = part.getKind() + "/" + part.getMetadata().getName();
        cluster.ask("applying " + name, () -> apply(cluster, part));
        streams.print("applied " + name + "\n");
      }
      if (!waits) {
        streams.print("the gadget pods are on their way\n");
        return ExitStatus.OK;
      }
      return new Rollout(cluster, choices.image(), stops).await(timeoutMs, streams);
    }
  }

  private static List<HasMetadata> parsed(Cluster cluster, String yaml) {
    return cluster.ask(
        "reading the manifests",
        () ->
            cluster
                .client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items());
  }

  /** Fields that somebody else has set meanwhile are this program's again. */
  private static HasMetadata apply(Cluster cluster, HasMetadata part) {
    return cluster
        .client()
        .resource(part)
        .fieldManager(FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  private Manifests.Choices choices(ParsedFlags flags) {
    String image = flags.has(IMAGE) ? flags.text(IMAGE) : IMAGE_PREFIX + version.get();
    if (!image.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]*")) {
      throw new UsageException(
          "reading --image: \"" + image + "\" is no name of an image; write registry/name:tag");
    }
    String policy = flags.has(PULL_POLICY) ? flags.text(PULL_POLICY) : PULL_POLICY_DEFAULT;
    if (!PULL_POLICIES.contains(policy)) {
      throw new UsageException(
          "reading --image-pull-policy: \""
              + policy
              + "\" is none; write "
              + String.join(", ", PULL_POLICIES));
    }
    return new Manifests.Choices(image, policy, version.get(), flags.isOn(SKIP_SELINUX));
  }
}
