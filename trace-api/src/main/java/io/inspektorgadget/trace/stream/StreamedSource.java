// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A data source as its events go through a stream: with the fields, too, that are no part of its
 * JSON for users, as whoever reads the stream may show a table of them.
 */
public final class StreamedSource {
  private static final String SKIPPED = "json.skip";

  private StreamedSource() {}

  /** The source with every field in its JSON; the same, with the same numbers, otherwise. */
  public static DataSource of(DataSource source) {
    List<FieldSpec> fields = source.schema().fields();
    if (fields.stream().allMatch(field -> field.annotation(SKIPPED).isEmpty())) {
      return source;
    }
    return new DataSource(
        source.name(),
        source.kind(),
        new EventSchema(fields.stream().map(StreamedSource::shown).toList()),
        source.annotations());
  }

  private static FieldSpec shown(FieldSpec field) {
    Map<String, String> annotations = new HashMap<>(field.annotations());
    annotations.remove(SKIPPED);
    return new FieldSpec(
        field.index(), field.name(), field.type(), field.semantics(), field.origin(), annotations);
  }
}
