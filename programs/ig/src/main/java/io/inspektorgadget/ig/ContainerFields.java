// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a container in a list: the fields of a data source whose events are containers.
 * Their names are those that events of gadgets use as well. Immutable.
 */
final class ContainerFields {
  /** A field and how its value is read: as a text, or else as a number. */
  private record Field(
      String name,
      String alias,
      @Nullable Function<ContainerRow, String> text,
      @Nullable ToLongFunction<ContainerRow> number,
      boolean hidden) {}

  private final List<Field> fields = new ArrayList<>();
  private final DataSource source;

  private ContainerFields(DataSource.Kind kind) {
    if (kind == DataSource.Kind.STREAM) {
      text("timestamp", "", row -> row.timestamp().toString(), false);
      text("event", "", ContainerRow::change, false);
    }
    text("runtime.runtimeName", "runtime", row -> of(row).runtime().runtimeName(), false);
    text("runtime.containerId", "id", row -> of(row).id(), false);
    text("runtime.containerName", "name", row -> of(row).name(), false);
    number("runtime.containerPid", "pid", row -> of(row).pid(), false);
    text("runtime.containerImageName", "image", row -> of(row).runtime().imageName(), false);
    text("runtime.containerImageDigest", "", row -> of(row).runtime().imageDigest(), true);
    number("runtime.containerStartedAt", "", row -> of(row).runtime().startedAtNs(), true);
    text("k8s.namespace", "", row -> of(row).pod().namespace(), true);
    text("k8s.podName", "", row -> of(row).pod().podName(), true);
    text("k8s.podUid", "", row -> of(row).pod().podUid(), true);
    text("k8s.containerName", "", row -> of(row).pod().containerName(), true);
    number("mntns_id", "mntns", row -> of(row).mountNs().inode(), true);
    number("netns_id", "netns", row -> of(row).netNsId(), true);
    number("cgroup_id", "", row -> of(row).cgroup().id(), true);
    text("cgroup_path", "", row -> of(row).cgroup().path(), true);
    text("bundle", "", row -> of(row).bundle(), true);
    this.source = new DataSource("containers", kind, schema(), annotations(kind));
  }

  /** The containers that run now: one table. */
  static ContainerFields ofSnapshot() {
    return new ContainerFields(DataSource.Kind.SNAPSHOT);
  }

  /** The containers that come and go: a stream of changes. */
  static ContainerFields ofChanges() {
    return new ContainerFields(DataSource.Kind.STREAM);
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
      String name, String alias, Function<ContainerRow, String> text, boolean hidden) {
    fields.add(new Field(name, alias, text, null, hidden));
  }

  private void number(
      String name, String alias, ToLongFunction<ContainerRow> number, boolean hidden) {
    fields.add(new Field(name, alias, null, number, hidden));
  }

  private EventSchema schema() {
    List<FieldSpec> specs = new ArrayList<>();
    for (Field field : fields) {
      FieldType type = field.text() == null ? FieldType.UINT64 : FieldType.STRING;
      specs.add(
          new FieldSpec(
              specs.size(),
              field.name(),
              type,
              "",
              new FieldOrigin.Computed("container", -1, field.name()),
              annotations(field)));
    }
    return new EventSchema(specs);
  }

  private static Map<String, String> annotations(Field field) {
    String hidden = String.valueOf(field.hidden());
    return field.alias().isEmpty()
        ? Map.of("columns.hidden", hidden)
        : Map.of("columns.hidden", hidden, "columns.alias", field.alias());
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
