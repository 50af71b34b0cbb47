// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfException;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.kernel.btf.ObjectVariables;
import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfRelocations;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a gadget is from its object and its gadget.yaml: the markers, types and variables of
 * the object decide, gadget.yaml adds names, descriptions and looks. The build and runs of gadgets
 * from outside use the same reader. Touches no kernel.
 */
public final class GadgetReader {
  private final String name;
  private final ElfFile elf;
  private final Btf btf;
  private final ObjectVariables variables;
  private final ObjectMarkers markers;
  private final GadgetMetadata metadata;
  private final boolean fieldsMayBeMissing;

  private GadgetReader(
      String name, byte[] object, @Nullable String yaml, boolean fieldsMayBeMissing) {
    this.name = name;
    this.metadata =
        yaml == null ? new GadgetMetadata() : GadgetMetadata.read(name + "/gadget.yaml", yaml);
    this.elf = ElfFile.of(name, object);
    if (elf.machine() != ElfFile.MACHINE_BPF) {
      throw new GadgetException(
          "reading the gadget "
              + name
              + ": its object is for machine "
              + elf.machine()
              + ", not for eBPF; compile it with clang -target bpf");
    }
    this.btf = Btf.ofObject(elf);
    this.variables = ObjectVariables.of(elf, btf);
    this.markers = ObjectMarkers.of(btf);
    this.fieldsMayBeMissing = fieldsMayBeMissing;
  }

  /**
   * Reads a gadget.
   *
   * @param name its name, such as {@code trace_open}; errors call it so
   * @param elf the bytes of its object
   * @param yaml the text of its gadget.yaml; null if it has none
   * @param location where runs find the object
   * @throws GadgetException if the object is none, or contradicts itself or gadget.yaml; names the
   *     thing and what to do
   */
  public static GadgetSpec read(
      String name, byte[] elf, @Nullable String yaml, ObjectLocation location) {
    return read(name, elf, yaml, location, false);
  }

  /**
   * Reads a gadget of others of which a part does not run here (a WebAssembly layer): fields that
   * gadget.yaml names and the object lacks are listed in the data source's annotation {@code
   * missing-fields}. Otherwise as {@link #read(String, byte[], String, ObjectLocation)}.
   */
  public static GadgetSpec readPartly(
      String name, byte[] elf, @Nullable String yaml, ObjectLocation location) {
    return read(name, elf, yaml, location, true);
  }

  private static GadgetSpec read(
      String name,
      byte[] elf,
      @Nullable String yaml,
      ObjectLocation location,
      boolean fieldsMayBeMissing) {
    try {
      return new GadgetReader(name, elf, yaml, fieldsMayBeMissing).spec(location);
    } catch (ElfException | BtfException e) {
      throw new GadgetException("reading the gadget " + name + ": " + e.getMessage(), e);
    }
  }

  private GadgetSpec spec(ObjectLocation location) {
    if (markers.hasNoSource()) {
      throw new GadgetException(
          "reading the gadget "
              + name
              + ": its object has no data source; declare one with GADGET_TRACER, GADGET_ITER or"
              + " GADGET_MAPITER");
    }
    List<SourceSpec> sources = new ArrayList<>();
    markers.tracers.forEach(tracer -> sources.add(tracer(tracer)));
    markers.iterations.forEach(iteration -> sources.add(iteration(iteration)));
    markers.mapIterations.forEach(iteration -> sources.add(mapIteration(iteration)));
    checkSources(sources);
    List<ParamSpec> parameters =
        new ParamReader(btf, variables, metadata)
            .read(name, markers.parameters, ElfRelocations.namesUsedByCode(elf));
    return new GadgetSpec(
        name, metadata.description, location, parameters, sources, hooks(), metadata.annotations);
  }

  private SourceSpec tracer(ObjectMarkers.Tracer tracer) {
    MapDefinition map = map(tracer.name(), tracer.map());
    if (map.type() == MapDefinition.PERF_EVENT_ARRAY) {
      throw failure(
          tracer.name(),
          "its map "
              + map.name()
              + " is a perf buffer (BPF_MAP_TYPE_PERF_EVENT_ARRAY), and events are read from ring"
              + " buffers only; declare it with GADGET_TRACER_MAP("
              + map.name()
              + ", SIZE_BYTES)");
    }
    if (map.type() != MapDefinition.RING_BUFFER) {
      throw failure(tracer.name(), "its map " + map.name() + " is no ring buffer");
    }
    BtfType.Struct struct = struct(tracer.name(), tracer.struct());
    DataSource source =
        source(tracer.name(), DataSource.Kind.STREAM, fields(struct, 0), struct.sizeBytes());
    return new SourceSpec(source, new Feed.Ring(map.name()));
  }

  private SourceSpec iteration(ObjectMarkers.Iteration iteration) {
    for (String program : iteration.programs()) {
      requireProgram(program, failure(iteration.name(), noProgram(program)));
    }
    BtfType.Struct struct = struct(iteration.name(), iteration.struct());
    DataSource source =
        source(iteration.name(), DataSource.Kind.SNAPSHOT, fields(struct, 0), struct.sizeBytes());
    return new SourceSpec(source, new Feed.Iterators(iteration.programs(), struct.sizeBytes()));
  }

  private SourceSpec mapIteration(ObjectMarkers.MapIteration iteration) {
    MapDefinition map = map(iteration.name(), iteration.map());
    if (!map.isHash()
        || map.keyType() == 0
        || map.valueType() == 0
        || !(btf.resolve(map.keyType()) instanceof BtfType.Struct key)
        || !(btf.resolve(map.valueType()) instanceof BtfType.Struct value)) {
      throw failure(
          iteration.name(),
          "its map " + map.name() + " must be a hash map with a struct as key and one as value");
    }
    int valueOffset = (key.sizeBytes() + 7) & ~7;
    List<FieldDraft> fields = new ArrayList<>(fields(key, 0));
    fields.addAll(fields(value, valueOffset));
    DataSource source =
        source(iteration.name(), DataSource.Kind.INTERVAL, fields, valueOffset + value.sizeBytes());
    return new SourceSpec(
        source, new Feed.MapEntries(map.name(), key.sizeBytes(), valueOffset, value.sizeBytes()));
  }

  private List<FieldDraft> fields(BtfType.Struct struct, int baseBytes) {
    String record = "struct " + struct.name() + " of " + name;
    return RecordFields.of(btf, record, struct, baseBytes);
  }

  private DataSource source(
      String sourceName, DataSource.Kind kind, List<FieldDraft> fields, int recordBytes) {
    return new SchemaBuilder(btf, sourceName, metadata.source(sourceName))
        .build(kind, fields, recordBytes, fieldsMayBeMissing);
  }

  private MapDefinition map(String source, String map) {
    MapDefinition definition = MapDefinition.find(btf, variables, map);
    if (definition == null) {
      throw failure(source, "the object has no map " + map);
    }
    return definition;
  }

  private BtfType.Struct struct(String source, String struct) {
    BtfType.Struct type = btf.find(BtfType.Struct.class, struct);
    if (type == null) {
      throw failure(source, "the object has no struct " + struct);
    }
    return type;
  }

  private void checkSources(List<SourceSpec> sources) {
    List<String> names = new ArrayList<>();
    for (SourceSpec spec : sources) {
      if (names.contains(spec.source().name())) {
        throw failure(spec.source().name(), "two data sources have that name");
      }
      names.add(spec.source().name());
    }
    metadata.sources.forEach((source, said) -> {
      if (names.stream().noneMatch(source::equalsIgnoreCase)) {
        throw said.place()
            .misnamed(
                "the object has no data source " + source + NearestName.suggestion(source, names));
      }
    });
  }

  private Map<String, List<String>> hooks() {
    Map<String, List<String>> hooks = new LinkedHashMap<>();
    metadata.hooks.forEach((purpose, programs) -> {
      List<String> names = new ArrayList<>();
      for (YamlNode program : programs) {
        boolean doesWithout =
            program.text().equals(GadgetSpec.NO_HOOK) && names.size() == programs.size() - 1;
        if (doesWithout) {
          names.add(GadgetSpec.NO_HOOK);
          continue;
        }
        requireProgram(program.text(), program.failure(noProgram(program.text())));
        names.add(program.text());
      }
      hooks.put(purpose, names);
    });
    return hooks;
  }

  private void requireProgram(String program, GadgetException otherwise) {
    if (btf.idOf(BtfType.Func.class, program) == 0) {
      throw otherwise;
    }
  }

  private String noProgram(String program) {
    List<String> known = new ArrayList<>();
    for (int id = 1; id < btf.count(); id++) {
      if (btf.type(id) instanceof BtfType.Func function) {
        known.add(function.name());
      }
    }
    return "the object has no program " + program + NearestName.suggestion(program, known);
  }

  private GadgetException failure(String source, String cause) {
    return new GadgetException("reading the data source " + source + " of " + name + ": " + cause);
  }
}
