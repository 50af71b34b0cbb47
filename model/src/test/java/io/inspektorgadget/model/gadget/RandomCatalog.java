// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Catalogs with every kind of part and texts of every kind of character, from a seed. */
final class RandomCatalog {
  private static final String[] PIECES = {
    "a", "open", "\u00a0", "\"", "\\", "\n", "\u0000", "é", "漢字", "\uD83D\uDE00", "{", " ", "0"
  };

  private final Random random;
  private int names;

  RandomCatalog(long seed) {
    this.random = new Random(seed);
  }

  Catalog catalog() {
    return new Catalog(list(6, this::gadget));
  }

  private GadgetSpec gadget() {
    GadgetSpec.ObjectLocation object =
        random.nextBoolean()
            ? new GadgetSpec.ObjectLocation.Resource(text())
            : new GadgetSpec.ObjectLocation.ObjectFile(Path.of("/tmp/x" + random.nextInt(99)));
    return new GadgetSpec(
        name(),
        text(),
        object,
        list(4, this::parameter),
        list(3, this::source),
        map(() -> list(3, this::text)),
        map(this::text));
  }

  private ParamSpec parameter() {
    ParamSpec.Kind[] kinds = ParamSpec.Kind.values();
    return new ParamSpec(
        name(),
        text(),
        kinds[random.nextInt(kinds.length)],
        random.nextInt(64),
        text(),
        text(),
        text(),
        random.nextBoolean(),
        list(3, this::text));
  }

  private GadgetSpec.SourceSpec source() {
    DataSource.Kind[] kinds = DataSource.Kind.values();
    DataSource source =
        new DataSource(name(), kinds[random.nextInt(kinds.length)], schema(), map(this::text));
    GadgetSpec.Feed feed =
        switch (random.nextInt(3)) {
          case 0 -> new GadgetSpec.Feed.Ring(text());
          case 1 -> new GadgetSpec.Feed.Iterators(list(3, this::text), random.nextInt());
          default ->
              new GadgetSpec.Feed.MapEntries(
                  text(), random.nextInt(), random.nextInt(), random.nextInt());
        };
    return new GadgetSpec.SourceSpec(source, feed);
  }

  private EventSchema schema() {
    FieldType[] types = FieldType.values();
    FieldOrigin.Encoding[] encodings = FieldOrigin.Encoding.values();
    List<FieldSpec> fields = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      FieldOrigin origin =
          random.nextBoolean()
              ? new FieldOrigin.Computed("f" + name(), random.nextInt(), text())
              : new FieldOrigin.Stored(
                  encodings[random.nextInt(encodings.length)],
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt());
      fields.add(
          new FieldSpec(
              fields.size(),
              name(),
              types[random.nextInt(types.length)],
              text(),
              origin,
              map(this::text)));
    }
    return new EventSchema(fields);
  }

  private String name() {
    return "n" + names++ + text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private <T> List<T> list(int sizeMax, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    for (int i = random.nextInt(sizeMax + 1); i > 0; i--) {
      elements.add(element.get());
    }
    return elements;
  }

  private <T> Map<String, T> map(Supplier<T> value) {
    Map<String, T> values = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.put(name(), value.get());
    }
    return values;
  }
}
