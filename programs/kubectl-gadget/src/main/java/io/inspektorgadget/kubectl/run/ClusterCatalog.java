// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalog as the user of a cluster sees it: every event says its node, and a table shows node,
 * namespace, pod and container instead of what a host's runtime calls the container.
 */
public final class ClusterCatalog {
  /** Name of the field that says the node. */
  public static final String NODE_FIELD = "k8s.node";

  private static final String RUNTIME_NAME_FIELD = "runtime.containerName";
  private static final String ALIAS = "columns.alias";
  private static final String HIDDEN = "columns.hidden";
  private static final String WIDTH = "columns.width";

  private ClusterCatalog() {}

  /** A column that tables of a cluster show. */
  private record Column(String alias, String width) {}

  private static final Map<String, Column> SHOWN =
      Map.of(
          NODE_FIELD,
          new Column("node", "16"),
          "k8s.namespace",
          new Column("namespace", "16"),
          "k8s.podName",
          new Column("pod", "24"),
          "k8s.containerName",
          new Column("container", "16"));

  /** The same gadgets, their events as a cluster's. */
  public static Catalog of(Catalog catalog) {
    return new Catalog(catalog.gadgets().stream().map(ClusterCatalog::of).toList());
  }

  private static GadgetSpec of(GadgetSpec gadget) {
    List<GadgetSpec.SourceSpec> sources = new ArrayList<>();
    for (GadgetSpec.SourceSpec each : gadget.sources()) {
      sources.add(new GadgetSpec.SourceSpec(of(each.source()), each.feed()));
    }
    return new GadgetSpec(
        gadget.name(),
        gadget.description(),
        gadget.object(),
        gadget.parameters(),
        sources,
        gadget.hooks(),
        gadget.annotations());
  }

  /** The same source with the fields of a cluster. */
  static DataSource of(DataSource source) {
    List<FieldSpec> fields = new ArrayList<>();
    if (source.schema().field(NODE_FIELD) == null) {
      fields.add(nodeField());
    }
    int shift = fields.size();
    for (FieldSpec field : source.schema().fields()) {
      fields.add(
          new FieldSpec(
              field.index() + shift,
              field.name(),
              field.type(),
              field.semantics(),
              moved(field.origin(), shift),
              annotations(field)));
    }
    return new DataSource(
        source.name(), source.kind(), new EventSchema(fields), source.annotations());
  }

  /** Of records that do not know their container; the stream that they come by knows the node. */
  private static FieldSpec nodeField() {
    Map<String, String> annotations =
        Map.of("description", "Name of the node", ALIAS, "node", WIDTH, "16", HIDDEN, "false");
    return new FieldSpec(
        0,
        NODE_FIELD,
        FieldType.STRING,
        "",
        new FieldOrigin.Computed("container", -1, NODE_FIELD),
        annotations);
  }

  private static FieldOrigin moved(FieldOrigin origin, int shift) {
    return origin instanceof FieldOrigin.Computed computed && computed.sourceIndex() >= 0
        ? new FieldOrigin.Computed(
            computed.formatter(), computed.sourceIndex() + shift, computed.argument())
        : origin;
  }

  private static Map<String, String> annotations(FieldSpec field) {
    Map<String, String> annotations = new HashMap<>(field.annotations());
    Column column = SHOWN.get(field.name());
    if (column != null) {
      annotations.put(HIDDEN, "false");
      annotations.put(ALIAS, column.alias());
      annotations.put(WIDTH, column.width());
    } else if (field.name().equals(RUNTIME_NAME_FIELD)) {
      annotations.put(HIDDEN, "true");
      annotations.remove(ALIAS);
    }
    return annotations;
  }
}
