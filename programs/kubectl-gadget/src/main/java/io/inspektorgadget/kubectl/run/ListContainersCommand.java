// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.ClusterFlags;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.model.container.ValueList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists the containers of pods that the gadget pods know of, node by node. */
public final class ListContainersCommand implements ProgramCommand {
  private static final String NAMES_MODE = "names";
  private static final List<String> HEADER =
      List.of("NODE", "NAMESPACE", "POD", "CONTAINER", "RUNTIME", "ID");
  private static final int NAME_COLUMN = HEADER.indexOf("CONTAINER");
  private static final int ID_LENGTH = 12;
  private static final Flag OUTPUT =
      Flag.ofValue(FlagGroup.OUTPUT, "--output", "MODE", "columns, or names (one a line)")
          .withLetter("-o")
          .withValues(List.of("columns", NAMES_MODE));

  private final Map<String, String> environment;

  /** The command; the environment may name the kubeconfig. */
  public ListContainersCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return "list-containers";
  }

  @Override
  public String summary() {
    return "list the containers that gadgets can trace";
  }

  @Override
  public List<Flag> flags() {
    List<Flag> flags =
        new ArrayList<>(List.of(ContainerFlags.NAMESPACE, ContainerFlags.ALL_NAMESPACES, OUTPUT));
    flags.addAll(ClusterFlags.all());
    return flags;
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    String mode = flags.text(OUTPUT);
    if (!mode.isEmpty() && !mode.equals("columns") && !mode.equals(NAMES_MODE)) {
      throw new UsageException(
          "reading --output: no mode \"" + mode + "\" here; write columns or names");
    }
    ValueList given = ContainerFlags.selector(flags).namespaces();
    try (Cluster cluster = Cluster.open(flags, environment)) {
      ValueList namespaces =
          flags.isOn(ContainerFlags.ALL_NAMESPACES)
              ? ValueList.ANY
              : given.isAny() ? ValueList.parse(cluster.namespace()) : given;
      List<List<String>> rows = new ArrayList<>();
      for (GadgetPod pod : GadgetPod.list(cluster)) {
        if (pod.ready()) {
          rows.addAll(rows(pod.node(), dump(cluster, pod), namespaces));
        }
      }
      streams.print(mode.equals(NAMES_MODE) ? names(rows) : table(rows));
    }
    return ExitStatus.OK;
  }

  private static String dump(Cluster cluster, GadgetPod pod) {
    return cluster.ask(
        "asking pod " + pod.name() + " for its containers",
        () -> {
          try (ExecWatch exec =
                  cluster
                      .client()
                      .pods()
                      .inNamespace(GadgetPod.NAMESPACE)
                      .withName(pod.name())
                      .inContainer(GadgetPod.CONTAINER)
                      .withReadyWaitTimeout(0)
                      .redirectingInput()
                      .redirectingOutput()
                      .writingError(OutputStream.nullOutputStream())
                      .exec(PodConnector.CLIENT, "-dump", "containers");
              InputStream answer = exec.getOutput()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The rows of a node from the lines {@code " NAMESPACE/POD/CONTAINER id=… runtime=… …"}. */
  static List<List<String>> rows(String node, String dump, ValueList namespaces) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : dump.split("\n", -1)) {
      List<String> words = List.of(line.strip().split(" ", -1));
      List<String> name = List.of(words.getFirst().split("/", -1));
      if (!line.startsWith("  ") || name.size() != 3 || !namespaces.matches(name.getFirst())) {
        continue;
      }
      String id = value(words, "id=");
      List<String> row = new ArrayList<>(List.of(node));
      row.addAll(name);
      row.add(value(words, "runtime="));
      row.add(id.substring(0, Math.min(ID_LENGTH, id.length())));
      row.replaceAll(SafeText::of);
      rows.add(row);
    }
    return rows;
  }

  private static String value(List<String> words, String key) {
    return words.stream()
        .filter(word -> word.startsWith(key))
        .map(word -> word.substring(key.length()))
        .findFirst()
        .orElse("");
  }

  private static String names(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(row.get(NAME_COLUMN)).append('\n'));
    return text.toString();
  }

  static String table(List<List<String>> rows) {
    List<List<String>> lines = new ArrayList<>(List.of(HEADER));
    lines.addAll(rows);
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder cells = new StringBuilder();
      for (int column = 0; column < line.size(); column++) {
        int index = column;
        int width = lines.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
        String cell = line.get(column);
        cells.append(cell).append(" ".repeat(width - cell.length() + 2));
      }
      text.append(cells.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
