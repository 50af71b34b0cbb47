// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.containers.identity.CgroupTree;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a container in a list: the fields of a data source whose events are containers.
 * Their names are those that events of gadgets use as well. Immutable.
 */
final class ContainerFields {
  /** Always as long, so that a table has a column for it. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** A field and how its value is read: as a text, or else as a number. */
  private record Field(
      String name,
      FieldType type,
      Map<String, String> annotations,
      @Nullable Function<ContainerRow, String> text,
      @Nullable ToLongFunction<ContainerRow> number) {}

  /**
   * What must be known of the host.
   *
   * @param netNsId its own network namespace
   * @param cgroups the paths of the control groups of a process, by its id
   */
  record Host(long netNsId, LongFunction<CgroupTree.Paths> cgroups) {
    /** This one. */
    static Host of(HostProcesses processes) {
      return new Host(processes.hostNetNs(), processes::cgroupPaths);
    }
  }

  private final List<Field> fields = new ArrayList<>();
  private final DataSource source;

  private ContainerFields(DataSource.Kind kind, Host host) {
    if (kind == DataSource.Kind.STREAM) {
      text("timestamp", fixed(24), row -> TIME.format(row.timestamp()));
      text("event", fixed(7), ContainerRow::change);
    }
    addOfRuntime();
    addOfPod(host.netNsId());
    number("mntns_id", hidden("mntns"), row -> of(row).mountNs().inode());
    number("mntns_unique_id", hidden(""), row -> of(row).mountNs().uniqueId());
    number("netns_id", hidden("netns"), row -> of(row).netNsId());
    number("cgroup_id", hidden(""), row -> of(row).cgroup().id());
    text("cgroup_path", hidden(""), row -> of(row).cgroup().path());
    text("cgroup_v1", hidden(""), row -> host.cgroups().apply(of(row).pid()).pids());
    text("cgroup_v2", hidden(""), row -> host.cgroups().apply(of(row).pid()).unified());
    flag("host_network", row -> of(row).netNsId() == host.netNsId());
    text("bundle", hidden(""), row -> of(row).bundle());
    text("annotations", hidden(""), row -> pairs(of(row).annotations()));
    this.source = new DataSource("containers", kind, schema(), annotations(kind));
  }

  private void addOfRuntime() {
    text("runtime.runtimeName", shown("runtime", 10, 5), row -> of(row).runtime().runtimeName());
    text("runtime.containerId", shown("id", 13, 12), row -> of(row).id());
    text("runtime.containerName", shown("name", 30, 12), row -> of(row).name());
    number("runtime.containerPid", shown("pid", 7, 7), row -> of(row).pid());
    text(
        "runtime.containerImageName", shown("image", 30, 12), row -> of(row).runtime().imageName());
    text("runtime.containerImageDigest", hidden(""), row -> of(row).runtime().imageDigest());
    number("runtime.containerStartedAt", hidden(""), row -> of(row).runtime().startedAtNs());
    text("runtime.containerLabels", hidden("labels"), row -> pairs(of(row).runtime().labels()));
  }

  private void addOfPod(long hostNetNsId) {
    text("k8s.namespace", hidden("namespace"), row -> of(row).pod().namespace());
    text("k8s.podName", hidden("pod"), row -> of(row).pod().podName());
    text("k8s.podUid", hidden(""), row -> of(row).pod().podUid());
    text("k8s.containerName", hidden(""), row -> of(row).pod().containerName());
    text("k8s.podLabels", hidden(""), row -> pairs(of(row).pod().labels()));
    flag("k8s.hostnetwork", row -> of(row).netNsId() == hostNetNsId);
    text("k8s.owner.kind", hidden(""), row -> of(row).pod().ownerKind());
    text("k8s.owner.name", hidden(""), row -> of(row).pod().ownerName());
  }

  /** The containers that run now: one table. */
  static ContainerFields ofSnapshot(Host host) {
    return new ContainerFields(DataSource.Kind.SNAPSHOT, host);
  }

  /** The containers that come and go: a stream of changes. */
  static ContainerFields ofChanges(Host host) {
    return new ContainerFields(DataSource.Kind.STREAM, host);
  }

  private static Map<String, String> fixed(int width) {
    String text = Integer.toString(width);
    return Map.of("columns.width", text, "columns.fixed", "true", "columns.hidden", "false");
  }

  private static Map<String, String> shown(String alias, int width, int min) {
    return Map.of(
        "columns.alias",
        alias,
        "columns.width",
        Integer.toString(width),
        "columns.minwidth",
        Integer.toString(min),
        "columns.hidden",
        "false");
  }

  private static Map<String, String> hidden(String alias) {
    return alias.isEmpty()
        ? Map.of("columns.hidden", "true")
        : Map.of("columns.hidden", "true", "columns.alias", alias);
  }

  private static String pairs(Map<String, String> map) {
    StringJoiner pairs = new StringJoiner(",");
    new TreeMap<>(map).forEach((key, value) -> pairs.add(key + "=" + value));
    return pairs.toString();
  }

  private static Map<String, String> annotations(DataSource.Kind kind) {
    return kind == DataSource.Kind.SNAPSHOT
        ? Map.of("sort", "runtime.runtimeName,runtime.containerName")
        : Map.of();
  }

  private static ContainerInfo of(ContainerRow row) {
    return row.container();
  }

  private void text(
      String name, Map<String, String> annotations, Function<ContainerRow, String> text) {
    fields.add(new Field(name, FieldType.STRING, annotations, text, null));
  }

  private void number(
      String name, Map<String, String> annotations, ToLongFunction<ContainerRow> number) {
    fields.add(new Field(name, FieldType.UINT64, annotations, null, number));
  }

  private void flag(String name, Predicate<ContainerRow> flag) {
    fields.add(new Field(name, FieldType.BOOL, hidden(""), null, row -> flag.test(row) ? 1 : 0));
  }

  private EventSchema schema() {
    List<FieldSpec> specs = new ArrayList<>();
    for (Field field : fields) {
      specs.add(
          new FieldSpec(
              specs.size(),
              field.name(),
              field.type(),
              "",
              new FieldOrigin.Computed("container", -1, field.name()),
              field.annotations()));
    }
    return new EventSchema(specs);
  }

  /** The data source. */
  DataSource source() {
    return source;
  }

  /** The text of a field. */
  String text(int field, ContainerRow row) {
    Function<ContainerRow, String> text = fields.get(field).text();
    return text == null ? "" : text.apply(row);
  }

  /** The number of a field. */
  long number(int field, ContainerRow row) {
    ToLongFunction<ContainerRow> number = fields.get(field).number();
    return number == null ? 0 : number.applyAsLong(row);
  }

  /** False for fields of a pod where there is none. */
  boolean isPresent(int field, ContainerRow row) {
    return !fields.get(field).name().startsWith("k8s.")
        || !row.container().pod().podName().isEmpty();
  }
}
