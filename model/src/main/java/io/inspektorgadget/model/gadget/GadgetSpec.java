// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import io.inspektorgadget.model.schema.DataSource;
import java.util.List;
import java.util.Map;

/**
 * What a gadget is: everything that the command line and a run must know before its object is
 * opened.
 *
 * @param name its folder's name, such as {@code trace_open}
 * @param description one sentence
 * @param object where its compiled program is
 * @param parameters its knobs, in the order of the object; unmodifiable
 * @param sources its data sources with the maps and programs that feed them; unmodifiable
 * @param hooks programs of which only the first that the kernel takes is used, by purpose; a list
 *     that ends in {@link #NO_HOOK} may have none that it takes; unmodifiable
 * @param annotations what gadget.yaml says of it ({@code category}, {@code names}, {@code examples}
 *     …); unmodifiable
 */
public record GadgetSpec(
    String name,
    String description,
    ObjectLocation object,
    List<ParamSpec> parameters,
    List<SourceSpec> sources,
    Map<String, List<String>> hooks,
    Map<String, String> annotations) {

  /** Stands at the end of the hooks of a purpose that a gadget can do without. */
  public static final String NO_HOOK = "none";

  public GadgetSpec {
    parameters = List.copyOf(parameters);
    sources = List.copyOf(sources);
    hooks = Map.copyOf(hooks);
    annotations = Map.copyOf(annotations);
  }

  /** First word of its command: {@code trace}, {@code top}, {@code snapshot}, {@code profile} … */
  public String category() {
    String category = annotations.getOrDefault("category", "");
    int underscore = name.indexOf('_');
    return category.isEmpty() && underscore > 0 ? name.substring(0, underscore) : category;
  }

  /** Its further names, the command's word under the category first; unmodifiable, may be empty. */
  public List<String> names() {
    String names = annotations.getOrDefault("names", "");
    return names.isEmpty() ? List.of() : List.of(names.split("\\s*,\\s*"));
  }

  /** Its word under the category: its first further name, else its name without the category. */
  public String commandName() {
    return names().isEmpty() ? name.substring(name.indexOf('_') + 1) : names().getFirst();
  }

  /** False for a gadget that only looks at what is there now: iterators are all it has. */
  public boolean followsEvents() {
    return sources.stream().anyMatch(source -> !(source.feed() instanceof Feed.Iterators));
  }

  /**
   * A data source and what feeds it.
   *
   * @param source its name and schema
   * @param feed the maps or programs its records come from
   */
  public record SourceSpec(DataSource source, Feed feed) {}

  /** What feeds a data source. */
  public sealed interface Feed {
    /** A ring buffer (or perf event array) map. */
    record Ring(String mapName) implements Feed {}

    /**
     * Iterator programs, read one after the other; each writes records of {@code recordSizeBytes}.
     */
    record Iterators(List<String> programNames, int recordSizeBytes) implements Feed {
      public Iterators {
        programNames = List.copyOf(programNames);
      }
    }

    /**
     * A hash map whose key and value make one record: the key's bytes first, then the value's at
     * {@code valueOffsetBytes}.
     *
     * @param mapName the map
     * @param keySizeBytes size of its key
     * @param valueOffsetBytes offset of the value in the record: the key's size rounded up to 8
     * @param valueSizeBytes size of its value
     */
    record MapEntries(String mapName, int keySizeBytes, int valueOffsetBytes, int valueSizeBytes)
        implements Feed {}
  }

  /** Where the compiled program of a gadget is. */
  public sealed interface ObjectLocation {
    /** On the class path, as of the catalog. */
    record Resource(String path) implements ObjectLocation {}

    /** In a file. */
    record ObjectFile(java.nio.file.Path path) implements ObjectLocation {}
  }
}
