// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.DiscoveryFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.OutputOptions;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.run.SinkSource;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Lists the containers that run here, or with {@code --watch} all that come and go. */
final class ListContainersCommand implements ProgramCommand {
  private static final String NAMES_MODE = "names";
  private static final Flag WATCH =
      Flag.ofSwitch(FlagGroup.RUN, "--watch", "print those that run, then every change")
          .withLetter("-w");
  private static final Flag OUTPUT =
      Flag.ofValue(
              FlagGroup.OUTPUT,
              "--output",
              "MODE",
              "columns, columns=a,b, json, jsonpretty, yaml, or names (one a line)")
          .withLetter("-o")
          .withValues(List.of("columns", "json", "jsonpretty", "yaml", NAMES_MODE));

  /** A list is whole or nothing worth; but an engine that hangs must not keep it for long. */
  private static final long ENGINES_LIMIT_MS = 1_000;

  private final HostFilesystem host;
  private final CollectionOptions options;
  private final SinkSource sinks;
  private final StopRequests stops;

  /**
   * The command on this host.
   *
   * @param host where the host's files are
   * @param options what the collection of containers looks at
   * @param sinks prints the list
   * @param stops tells when a watching user wants an end
   */
  ListContainersCommand(
      HostFilesystem host, CollectionOptions options, SinkSource sinks, StopRequests stops) {
    this.host = host;
    this.options = options;
    this.sinks = sinks;
    this.stops = stops;
  }

  @Override
  public String name() {
    return "list-containers";
  }

  @Override
  public String summary() {
    return "list the containers that run here";
  }

  @Override
  public List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(ContainerFlags.onHost());
    flags.remove(ContainerFlags.HOST);
    flags.addAll(DiscoveryFlags.all());
    flags.addAll(StandardFlags.output());
    flags.remove(StandardFlags.OUTPUT);
    flags.add(OUTPUT);
    flags.add(WATCH);
    flags.add(StandardFlags.TIMEOUT);
    return flags;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "ig list-containers                        # a table",
        "ig list-containers -r docker,podman       # of two engines",
        "ig list-containers --image nginx -l tier=front -l app  # by image and labels",
        "ig list-containers -w -o json             # one JSON object for each change",
        "ig list-containers -o columns=name,image,k8s.podName   # these columns only");
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    ContainerSelector selector = ContainerFlags.selector(flags);
    OutputOptions output = OutputOptions.of(flags);
    boolean watches = flags.isOn(WATCH);
    if (watches && output.mode().equals(NAMES_MODE)) {
      throw new UsageException("reading --output: names is for a list; with --watch write json");
    }
    if (!watches && output.mode().equals(NAMES_MODE)) {
      Privileges.ofProcess().require("ig list-containers");
      printNames(selector, streams);
      return ExitStatus.OK;
    }
    ContainerFields.Host facts = ContainerFields.Host.of(new HostProcesses(host));
    ContainerFields fields =
        watches ? ContainerFields.ofChanges(facts) : ContainerFields.ofSnapshot(facts);
    EventSink sink = sinks.open(List.of(fields.source()), output, streams);
    long timeoutMs = StandardFlags.limits(flags).timeoutMs();
    Privileges.ofProcess().require("ig list-containers");
    if (watches) {
      new ContainerWatch(fields, sink, streams.err())
          .run(() -> ContainerCollection.start(host, options), selector, stops, timeoutMs);
    } else {
      printSnapshot(fields, sink, selector, streams);
    }
    streams.out().flush();
    return ExitStatus.OK;
  }

  private List<ContainerInfo> matching(ContainerSelector selector, Streams streams) {
    List<ContainerInfo> matching = new ArrayList<>();
    try (ContainerCollection containers =
        ContainerCollection.start(host, options.withoutBirths())) {
      awaitEngines(containers, streams);
      String nothing = MatchReport.ofList(containers.containers(), selector);
      if (nothing != null) {
        streams.err().line(SafeText.of(nothing));
      }
      for (ContainerInfo container : containers.containers()) {
        if (selector.matches(container)) {
          matching.add(container);
        }
      }
      containers.warnings().forEach(streams.err()::warning);
    }
    return matching;
  }

  private static void awaitEngines(ContainerCollection containers, Streams streams) {
    try {
      if (!containers.awaitEngines(ENGINES_LIMIT_MS)) {
        streams
            .err()
            .warning(
                "asking engines for names, images and labels: no answer within "
                    + ENGINES_LIMIT_MS
                    + " ms (they are missing here)");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("listing containers: interrupted", "", e);
    }
  }

  private void printNames(ContainerSelector selector, Streams streams) throws IOException {
    StringBuilder names = new StringBuilder();
    for (ContainerInfo container : matching(selector, streams)) {
      names.append(container.name()).append('\n');
    }
    streams.print(names.toString());
  }

  private void printSnapshot(
      ContainerFields fields, EventSink sink, ContainerSelector selector, Streams streams) {
    sink.opened(fields.source());
    Instant now = Instant.now();
    for (ContainerInfo container : matching(selector, streams)) {
      sink.event(new ContainerRow(fields, container, "", now));
    }
    sink.batchEnd(fields.source());
    sink.ended(new EndCause.Completed());
  }
}
