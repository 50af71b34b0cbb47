// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the schema of one data source: its record's fields with what gadget.yaml says of them,
 * their readable siblings, and in front the container they belong to.
 */
final class SchemaBuilder {
  private static final String REST_NAME = "ebpf.rest.name";
  private static final String REST_LENGTH = "ebpf.rest.len";
  private static final String REPLACEMENT = "columns.replace";
  private static final String DEFAULT_MODE = "cli.default-output-mode";
  private static final String SUPPORTED_MODES = "cli.supported-output-modes";

  private final Btf btf;
  private final String name;
  private final GadgetMetadata.@Nullable Source metadata;
  private final Map<String, FieldDraft> fields = new LinkedHashMap<>();
  private final Set<String> missing = new LinkedHashSet<>();

  /**
   * For one source.
   *
   * @param name the data source, as errors call it
   * @param metadata what gadget.yaml says of it; null if nothing
   */
  SchemaBuilder(Btf btf, String name, GadgetMetadata.@Nullable Source metadata) {
    this.btf = btf;
    this.name = name;
    this.metadata = metadata;
  }

  /**
   * The finished source.
   *
   * @param stored the fields of its record
   * @param recordBytes the record's fixed size
   * @param fieldsMayBeMissing true if fields that gadget.yaml names may be absent; they are then
   *     listed in the annotation {@code missing-fields}
   * @throws GadgetException if gadget.yaml names a field that is not there, or a name occurs twice
   */
  DataSource build(
      DataSource.Kind kind, List<FieldDraft> stored, int recordBytes, boolean fieldsMayBeMissing) {
    List<FieldDraft> own = new ArrayList<>();
    DerivedFields derived = new DerivedFields(btf, name);
    for (FieldDraft draft : stored) {
      FieldDraft field = draft.with(said(draft.name()));
      own.add(field);
      for (FieldDraft sibling : derived.of(field)) {
        own.add(sibling.with(said(sibling.name())));
      }
    }
    addRest(own, recordBytes);
    for (FieldDraft field : ContainerFields.of(own)) {
      add(field.with(said(field.name())));
    }
    own.forEach(this::add);
    Map<String, String> annotations = new LinkedHashMap<>();
    checkMetadata(annotations, fieldsMayBeMissing);
    if (!missing.isEmpty()) {
      annotations.put("missing-fields", String.join(",", missing));
    }
    return new DataSource(name, kind, schema(), annotations);
  }

  private Map<String, String> said(String field) {
    if (metadata == null) {
      return Map.of();
    }
    Map<String, String> said = new LinkedHashMap<>();
    for (int dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
      metadata
          .ofField(field.substring(0, dot))
          .forEach((key, value) -> {
            // What is said of a group holds for its members where it can.
            if (key.equals(FieldTemplates.HIDDEN) || key.equals("json.skip")) {
              said.put(key, value);
            }
          });
    }
    said.putAll(metadata.ofField(field));
    return said;
  }

  /** Bytes behind the fixed record that the data source's annotations give a name. */
  private void addRest(List<FieldDraft> own, int recordBytes) {
    String rest = metadata == null ? "" : metadata.annotations().getOrDefault(REST_NAME, "");
    if (!rest.isEmpty()) {
      FieldOrigin.Stored stored = restOrigin(own, recordBytes);
      own.add(
          new FieldDraft(
                  rest, FieldType.BYTES, "", new FieldDraft.Origin.InRecord(stored, 0), Map.of())
              .with(said(rest)));
    }
  }

  /** Where these bytes end: with the record, or where a field of the record says. */
  private FieldOrigin.Stored restOrigin(List<FieldDraft> own, int recordBytes) {
    String counter = metadata == null ? "" : metadata.annotations().getOrDefault(REST_LENGTH, "");
    if (counter.isEmpty()) {
      return new FieldOrigin.Stored(FieldOrigin.Encoding.REST, recordBytes, 0, 0);
    }
    for (FieldDraft field : own) {
      if (field.name().equals(counter)
          && field.type().isNumeric()
          && field.origin() instanceof FieldDraft.Origin.InRecord inRecord) {
        FieldOrigin.Stored stored = inRecord.stored();
        return new FieldOrigin.Stored(
            FieldOrigin.Encoding.COUNTED_REST,
            recordBytes,
            stored.sizeBytes(),
            stored.offsetBytes());
      }
    }
    throw new GadgetException(
        "reading the data source "
            + name
            + ": "
            + REST_LENGTH
            + " names "
            + counter
            + ", which is no number in the record"
            + NearestName.suggestion(counter, own.stream().map(FieldDraft::name).toList()));
  }

  private void add(FieldDraft field) {
    if (fields.putIfAbsent(field.name(), FieldTemplates.applied(field)) != null) {
      throw new GadgetException(
          "reading the data source "
              + name
              + ": two fields are called "
              + field.name()
              + "; rename one, or give its readable form another name (formatters.….target)");
    }
  }

  private void checkMetadata(Map<String, String> annotations, boolean fieldsMayBeMissing) {
    if (metadata == null) {
      return;
    }
    annotations.putAll(metadata.annotations());
    checkDefaultMode(metadata);
    Set<String> groups = groups();
    metadata
        .fields()
        .forEach((field, said) -> {
          if (fields.containsKey(field)) {
            checkReplacement(field, said);
            return;
          }
          if (groups.contains(field)) {
            said.annotations().forEach((k, v) -> annotations.put(field + "." + k, v));
          } else if (fieldsMayBeMissing) {
            missing.add(field);
          } else {
            throw said.place()
                .misnamed(
                    "the data source "
                        + name
                        + " has no field "
                        + field
                        + NearestName.suggestion(field, fields.keySet()));
          }
        });
  }

  private void checkReplacement(String field, GadgetMetadata.Field said) {
    String replacement = said.annotations().getOrDefault(REPLACEMENT, "");
    if (!replacement.isEmpty() && !fields.containsKey(replacement)) {
      throw said.place()
          .misnamed(
              REPLACEMENT
                  + " of "
                  + field
                  + " names "
                  + replacement
                  + ", which is no field of "
                  + name
                  + NearestName.suggestion(replacement, fields.keySet()));
    }
  }

  private void checkDefaultMode(GadgetMetadata.Source said) {
    String usual = said.annotations().getOrDefault(DEFAULT_MODE, "");
    List<String> supported = new ArrayList<>();
    for (String mode : said.annotations().getOrDefault(SUPPORTED_MODES, usual).split(",", -1)) {
      supported.add(mode.strip());
    }
    if (!supported.contains(usual) && !usual.isEmpty()) {
      throw said.place()
          .misnamed(
              DEFAULT_MODE
                  + " of "
                  + name
                  + " is "
                  + usual
                  + ", which is none of its "
                  + SUPPORTED_MODES
                  + NearestName.suggestion(usual, supported));
    }
  }

  private Set<String> groups() {
    Set<String> groups = new LinkedHashSet<>();
    for (String field : fields.keySet()) {
      for (int dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
        groups.add(field.substring(0, dot));
      }
    }
    return groups;
  }

  private EventSchema schema() {
    Map<String, Integer> indexes = new HashMap<>();
    fields.keySet().forEach(field -> indexes.put(field, indexes.size()));
    Set<String> aliases = new LinkedHashSet<>(fields.keySet());
    List<FieldSpec> specs = new ArrayList<>();
    for (FieldDraft field : fields.values()) {
      FieldOrigin origin =
          switch (field.origin()) {
            case FieldDraft.Origin.InRecord stored -> stored.stored();
            case FieldDraft.Origin.Made made ->
                new FieldOrigin.Computed(
                    made.formatter(), indexes.getOrDefault(made.source(), -1), made.argument());
          };
      Map<String, String> annotations = new LinkedHashMap<>(field.annotations());
      String alias = field.annotation(FieldTemplates.ALIAS);
      if (!alias.isEmpty() && !aliases.add(alias)) {
        // A short name must lead to one field; the first one keeps it.
        annotations.remove(FieldTemplates.ALIAS);
      }
      specs.add(
          new FieldSpec(
              specs.size(), field.name(), field.type(), field.semantics(), origin, annotations));
    }
    return new EventSchema(specs);
  }
}
