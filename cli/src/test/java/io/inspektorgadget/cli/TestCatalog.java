// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParamSpec.Kind;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Map;

/** A catalog made by hand: a stream, an interval, and a gadget whose flags are in the way. */
public final class TestCatalog {
  private TestCatalog() {}

  /** Its gadgets. */
  public static Catalog catalog() {
    return new Catalog(List.of(traceOpen(), topBlockIo(), awkward()));
  }

  /** A stream with every kind of parameter. */
  public static GadgetSpec traceOpen() {
    List<ParamSpec> parameters =
        List.of(
            parameter("pid", Kind.UINT_LIST, 0, "", "processes"),
            parameter("comm", Kind.NAME_LIST, 0, "", "process names"),
            parameter("failed-only", Kind.BOOL, 1, "false", "only calls that failed"),
            parameter("prefix", Kind.STRING, 16, "", "only below this path"),
            parameter("min-latency", Kind.INT, 4, "10", "only calls slower than this, in us"),
            parameter("family", Kind.UINT, 1, "0", "address family"),
            parameter("ratio", Kind.FLOAT, 8, "", "share of the calls"),
            parameter("peer", Kind.IP_ADDRESS, 20, "", "peer"),
            new ParamSpec(
                "mode",
                "mode",
                Kind.STRING,
                8,
                "fast",
                "how",
                "",
                false,
                List.of("fast", "exact")));
    List<FieldSpec> fields =
        List.of(
            field(0, "timestamp", FieldType.STRING, Map.of("columns.hidden", "true")),
            field(
                1,
                "proc.comm",
                FieldType.STRING,
                Map.of("columns.alias", "comm", "description", "name of the process")),
            field(2, "proc.pid", FieldType.UINT32, Map.of("columns.alias", "pid")),
            field(3, "fname", FieldType.STRING, Map.of("description", "path as it was given")));
    return gadget(
        "trace_open",
        "Trace open system calls",
        parameters,
        new DataSource("open", DataSource.Kind.STREAM, new EventSchema(fields), Map.of()),
        Map.of(
            "category",
            "trace",
            "names",
            "open,opensnoop",
            "examples",
            "ig trace open --host  # everything\nig trace open -c web --failed-only"));
  }

  /** An interval that redraws the screen. */
  public static GadgetSpec topBlockIo() {
    List<FieldSpec> fields =
        List.of(
            field(0, "ops", FieldType.UINT64, Map.of()),
            field(1, "bytes", FieldType.UINT64, Map.of()),
            field(
                2,
                "rw",
                FieldType.STRING,
                Map.of("description", "direction", "value.one-of", "read, write")));
    return gadget(
        "top_blockio",
        "Report block device activity by process",
        List.of(),
        new DataSource(
            "blockio",
            DataSource.Kind.INTERVAL,
            new EventSchema(fields),
            Map.of(
                "cli.clear-screen-before",
                "true",
                "cli.supported-output-modes",
                "columns,json",
                "sort",
                "-ops,-bytes")),
        Map.of("category", "top", "names", "block-io,biotop"));
  }

  /** Counts until its end; not in the catalog. */
  public static GadgetSpec profile() {
    return gadget(
        "profile_x",
        "Counts",
        List.of(),
        new DataSource(
            "x",
            DataSource.Kind.INTERVAL,
            new EventSchema(List.of(field(0, "samples", FieldType.UINT64, Map.of()))),
            Map.of("fetch-interval", "0")),
        Map.of());
  }

  /** A gadget of others whose parameter is called like one of our flags, and must be given. */
  public static GadgetSpec awkward() {
    ParamSpec timeout =
        new ParamSpec("timeout", "t", Kind.UINT, 4, "", "its own idea", "t", true, List.of());
    return gadget(
        "trace_awkward",
        "A gadget of \u001b[31mothers",
        List.of(timeout),
        new DataSource("x", DataSource.Kind.STREAM, new EventSchema(List.of()), Map.of()),
        Map.of());
  }

  private static ParamSpec parameter(
      String key, Kind kind, int sizeBytes, String defaultValue, String description) {
    return new ParamSpec(
        key, key, kind, sizeBytes, defaultValue, description, "", false, List.of());
  }

  private static FieldSpec field(
      int index, String name, FieldType type, Map<String, String> annotations) {
    return new FieldSpec(
        index, name, type, "", new FieldOrigin.Computed("none", -1, ""), annotations);
  }

  private static GadgetSpec gadget(
      String name,
      String description,
      List<ParamSpec> parameters,
      DataSource source,
      Map<String, String> annotations) {
    return new GadgetSpec(
        name,
        description,
        new ObjectLocation.Resource("gadgets/" + name + ".bpf.o"),
        parameters,
        List.of(new SourceSpec(source, new Feed.Ring("events"))),
        Map.of(),
        annotations);
  }
}
