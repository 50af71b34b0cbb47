// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import io.inspektorgadget.model.json.JsonTokens;
import io.inspektorgadget.model.json.JsonTokens.Token;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what {@link CatalogJson} writes: one pass over the tokens, no tree, no reflection. */
final class CatalogReader {
  private final JsonTokens in;
  private final Predicate<GadgetSpec> wanted;

  private CatalogReader(JsonTokens in, Predicate<GadgetSpec> wanted) {
    this.in = in;
    this.wanted = wanted;
  }

  static Catalog read(InputStream stream, Predicate<GadgetSpec> wanted) {
    try (stream) {
      return new CatalogReader(new JsonTokens(stream.readAllBytes()), wanted).catalog();
    } catch (IOException | IllegalArgumentException e) {
      throw new GadgetException(
          "reading the catalog of gadgets: " + e.getMessage() + "; build or fetch it again", e);
    }
  }

  private Catalog catalog() {
    in.next();
    List<GadgetSpec> gadgets = new ArrayList<>();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      if (member.equals("gadgets")) {
        for (GadgetSpec gadget : list(this::gadget)) {
          if (wanted.test(gadget)) {
            gadgets.add(gadget);
          }
        }
      } else {
        in.skipChildren();
      }
    }
    return new Catalog(gadgets);
  }

  private GadgetSpec gadget() {
    String name = "";
    String description = "";
    GadgetSpec.ObjectLocation object = new GadgetSpec.ObjectLocation.Resource("");
    Map<String, String> annotations = Map.of();
    Map<String, List<String>> hooks = Map.of();
    List<ParamSpec> parameters = List.of();
    List<GadgetSpec.SourceSpec> sources = List.of();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      switch (member) {
        case "name" -> name = text();
        case "description" -> description = text();
        case "resource" -> object = new GadgetSpec.ObjectLocation.Resource(text());
        case "file" -> object = new GadgetSpec.ObjectLocation.ObjectFile(Path.of(text()));
        case "annotations" -> annotations = map(this::text);
        case "hooks" -> hooks = map(() -> list(this::text));
        case "parameters" -> parameters = list(this::parameter);
        case "sources" -> {
          // What a gadget is called is written before this, the bulk of it.
          if (wanted.test(head(name, description, annotations))) {
            sources = list(this::source);
          } else {
            in.skipChildren();
          }
        }
        default -> in.skipChildren();
      }
    }
    return new GadgetSpec(name, description, object, parameters, sources, hooks, annotations);
  }

  private static GadgetSpec head(String name, String description, Map<String, String> annotations) {
    GadgetSpec.ObjectLocation nowhere = new GadgetSpec.ObjectLocation.Resource("");
    return new GadgetSpec(name, description, nowhere, List.of(), List.of(), Map.of(), annotations);
  }

  private ParamSpec parameter() {
    String key = "";
    String variable = "";
    ParamSpec.Kind kind = ParamSpec.Kind.STRING;
    int sizeBytes = 0;
    String defaultValue = "";
    String description = "";
    String alias = "";
    boolean mandatory = false;
    List<String> possibleValues = List.of();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      switch (member) {
        case "key" -> key = text();
        case "variable" -> variable = text();
        case "kind" -> kind = ParamSpec.Kind.valueOf(text());
        case "sizeBytes" -> sizeBytes = in.intValue();
        case "default" -> defaultValue = text();
        case "description" -> description = text();
        case "alias" -> alias = text();
        case "mandatory" -> mandatory = in.booleanValue();
        case "possibleValues" -> possibleValues = list(this::text);
        default -> in.skipChildren();
      }
    }
    return new ParamSpec(
        key,
        variable,
        kind,
        sizeBytes,
        defaultValue,
        description,
        alias,
        mandatory,
        possibleValues);
  }

  private GadgetSpec.SourceSpec source() {
    String name = "";
    DataSource.Kind kind = DataSource.Kind.STREAM;
    Map<String, String> annotations = Map.of();
    GadgetSpec.Feed feed = new GadgetSpec.Feed.Ring("");
    String mapName = "";
    int recordSizeBytes = 0;
    List<FieldSpec> fields = List.of();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      switch (member) {
        case "name" -> name = text();
        case "kind" -> kind = DataSource.Kind.valueOf(text());
        case "annotations" -> annotations = map(this::text);
        case "ring" -> feed = new GadgetSpec.Feed.Ring(text());
        case "recordSizeBytes" -> recordSizeBytes = in.intValue();
        case "iterators" -> feed = new GadgetSpec.Feed.Iterators(list(this::text), recordSizeBytes);
        case "map" -> mapName = text();
        case "mapLayout" -> {
          int[] layout = numbers();
          feed = new GadgetSpec.Feed.MapEntries(mapName, layout[0], layout[1], layout[2]);
        }
        case "fields" -> fields = fields();
        default -> in.skipChildren();
      }
    }
    DataSource source = new DataSource(name, kind, new EventSchema(fields), annotations);
    return new GadgetSpec.SourceSpec(source, feed);
  }

  private List<FieldSpec> fields() {
    List<FieldSpec> fields = new ArrayList<>();
    expect(Token.START_ARRAY);
    while (in.next() != Token.END_ARRAY) {
      fields.add(field(fields.size()));
    }
    return fields;
  }

  private FieldSpec field(int index) {
    String name = "";
    FieldType type = FieldType.BYTES;
    String semantics = "";
    FieldOrigin.Encoding encoding = FieldOrigin.Encoding.FIXED;
    int[] layout = new int[3];
    String formatter = "";
    int source = -1;
    String argument = "";
    Map<String, String> annotations = Map.of();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      switch (member) {
        case "name" -> name = text();
        case "type" -> type = FieldType.valueOf(text());
        case "semantics" -> semantics = text();
        case "encoding" -> encoding = FieldOrigin.Encoding.valueOf(text());
        case "layout" -> layout = numbers();
        case "formatter" -> formatter = text();
        case "source" -> source = in.intValue();
        case "argument" -> argument = text();
        case "annotations" -> annotations = map(this::text);
        default -> in.skipChildren();
      }
    }
    FieldOrigin origin =
        formatter.isEmpty()
            ? new FieldOrigin.Stored(encoding, layout[0], layout[1], layout[2])
            : new FieldOrigin.Computed(formatter, source, argument);
    return new FieldSpec(index, name, type, semantics, origin, annotations);
  }

  /** Enters the object that the parser stands at; its first member's name, null if it is empty. */
  private @Nullable String first() {
    expect(Token.START_OBJECT);
    return in.nextName();
  }

  private String text() {
    expect(Token.STRING);
    return in.string();
  }

  private int[] numbers() {
    int[] numbers = new int[3];
    expect(Token.START_ARRAY);
    for (int i = 0; i < numbers.length; i++) {
      in.next();
      numbers[i] = in.intValue();
    }
    in.next();
    expect(Token.END_ARRAY);
    return numbers;
  }

  private <T> List<T> list(Element<T> element) {
    List<T> elements = new ArrayList<>();
    expect(Token.START_ARRAY);
    while (in.next() != Token.END_ARRAY) {
      elements.add(element.read());
    }
    return elements;
  }

  private <T> Map<String, T> map(Element<T> element) {
    Map<String, T> values = new HashMap<>();
    for (String member = first(); member != null; member = in.nextName()) {
      in.next();
      values.put(member, element.read());
    }
    return values;
  }

  private void expect(Token token) {
    if (in.current() != token) {
      throw in.wrong(in.current() + " where " + token + " belongs");
    }
  }

  /** Reads the value that the parser stands at. */
  private interface Element<T> {
    T read();
  }
}
