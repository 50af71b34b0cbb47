// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The catalog as JSON: how the build hands it to the programs, and an agent to its clients. Written
 * in a fixed order, so equal catalogs give equal bytes; empty values are left out. Unknown members
 * are passed over when reading, so a newer writer can say more.
 */
public final class CatalogJson {
  private final JsonGenerator out;

  private CatalogJson(JsonGenerator out) {
    this.out = out;
  }

  /**
   * Writes a catalog; the stream stays open.
   *
   * @throws IOException if the stream cannot be written
   */
  public static void write(Catalog catalog, OutputStream stream) throws IOException {
    try (JsonGenerator generator =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), new Uncloseable(stream))) {
      new CatalogJson(generator).catalog(catalog);
    }
    stream.flush();
  }

  /**
   * Reads a catalog; the stream is closed.
   *
   * @throws GadgetException if it is no catalog, with line and column
   */
  public static Catalog read(InputStream stream) {
    return CatalogReader.read(stream, gadget -> true);
  }

  /**
   * Reads the gadgets that are wanted and passes over the others, which takes a part of the time: a
   * run needs one. The stream is closed.
   *
   * @param wanted decides by name, description and annotations; the rest may be empty
   * @throws GadgetException if it is no catalog, with line and column
   */
  public static Catalog readOnly(InputStream stream, Predicate<GadgetSpec> wanted) {
    return CatalogReader.read(stream, wanted);
  }

  private void catalog(Catalog catalog) {
    out.writeStartObject();
    out.writeArrayPropertyStart("gadgets");
    catalog.gadgets().forEach(this::gadget);
    out.writeEndArray();
    out.writeEndObject();
  }

  private void gadget(GadgetSpec gadget) {
    out.writeStartObject();
    out.writeStringProperty("name", gadget.name());
    text("description", gadget.description());
    switch (gadget.object()) {
      case GadgetSpec.ObjectLocation.Resource resource ->
          out.writeStringProperty("resource", resource.path());
      case GadgetSpec.ObjectLocation.ObjectFile file ->
          out.writeStringProperty("file", file.path().toString());
    }
    texts("annotations", gadget.annotations());
    if (!gadget.hooks().isEmpty()) {
      out.writeObjectPropertyStart("hooks");
      new TreeMap<>(gadget.hooks()).forEach(this::texts);
      out.writeEndObject();
    }
    if (!gadget.parameters().isEmpty()) {
      out.writeArrayPropertyStart("parameters");
      gadget.parameters().forEach(this::parameter);
      out.writeEndArray();
    }
    out.writeArrayPropertyStart("sources");
    gadget.sources().forEach(this::source);
    out.writeEndArray();
    out.writeEndObject();
  }

  private void parameter(ParamSpec parameter) {
    out.writeStartObject();
    out.writeStringProperty("key", parameter.key());
    text("variable", parameter.variable());
    out.writeStringProperty("kind", parameter.kind().name());
    out.writeNumberProperty("sizeBytes", parameter.sizeBytes());
    text("default", parameter.defaultValue());
    text("description", parameter.description());
    text("alias", parameter.alias());
    if (parameter.mandatory()) {
      out.writeBooleanProperty("mandatory", true);
    }
    if (!parameter.possibleValues().isEmpty()) {
      texts("possibleValues", parameter.possibleValues());
    }
    out.writeEndObject();
  }

  private void source(GadgetSpec.SourceSpec spec) {
    DataSource source = spec.source();
    out.writeStartObject();
    out.writeStringProperty("name", source.name());
    out.writeStringProperty("kind", source.kind().name());
    texts("annotations", source.annotations());
    switch (spec.feed()) {
      case GadgetSpec.Feed.Ring ring -> out.writeStringProperty("ring", ring.mapName());
      case GadgetSpec.Feed.Iterators iterators -> {
        out.writeNumberProperty("recordSizeBytes", iterators.recordSizeBytes());
        texts("iterators", iterators.programNames());
      }
      case GadgetSpec.Feed.MapEntries map -> {
        out.writeStringProperty("map", map.mapName());
        numbers("mapLayout", map.keySizeBytes(), map.valueOffsetBytes(), map.valueSizeBytes());
      }
    }
    out.writeArrayPropertyStart("fields");
    source.schema().fields().forEach(this::field);
    out.writeEndArray();
    out.writeEndObject();
  }

  private void field(FieldSpec field) {
    out.writeStartObject();
    out.writeStringProperty("name", field.name());
    out.writeStringProperty("type", field.type().name());
    text("semantics", field.semantics());
    switch (field.origin()) {
      case FieldOrigin.Stored stored -> {
        out.writeStringProperty("encoding", stored.encoding().name());
        numbers("layout", stored.offsetBytes(), stored.sizeBytes(), stored.elementSizeBytes());
      }
      case FieldOrigin.Computed computed -> {
        out.writeStringProperty("formatter", computed.formatter());
        out.writeNumberProperty("source", computed.sourceIndex());
        text("argument", computed.argument());
      }
    }
    texts("annotations", field.annotations());
    out.writeEndObject();
  }

  private void text(String name, String value) {
    if (!value.isEmpty()) {
      out.writeStringProperty(name, value);
    }
  }

  private void texts(String name, List<String> values) {
    out.writeArrayPropertyStart(name);
    values.forEach(out::writeString);
    out.writeEndArray();
  }

  private void texts(String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      out.writeObjectPropertyStart(name);
      new TreeMap<>(values).forEach(out::writeStringProperty);
      out.writeEndObject();
    }
  }

  private void numbers(String name, int first, int second, int third) {
    out.writeArrayPropertyStart(name);
    out.writeNumber(first);
    out.writeNumber(second);
    out.writeNumber(third);
    out.writeEndArray();
  }

  /** The generator closes what it writes to; this keeps the caller's stream open. */
  private static final class Uncloseable extends java.io.FilterOutputStream {
    Uncloseable(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
