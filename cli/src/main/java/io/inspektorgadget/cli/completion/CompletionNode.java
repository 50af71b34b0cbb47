// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.columns.text.SafeText;
import java.util.ArrayList;
import java.util.List;

/**
 * What may follow the words of a command.
 *
 * @param paths the words that lead here, several if the same follows all of them; the empty text is
 *     the program itself
 * @param words the words that may follow; unmodifiable
 * @param flags the flags that may follow; unmodifiable
 * @param values what its flags about events may be given
 */
public record CompletionNode(
    List<String> paths, List<Word> words, List<Flag> flags, EventValues values) {

  public CompletionNode {
    paths = List.copyOf(paths);
    words = List.copyOf(words);
    flags = List.copyOf(flags);
  }

  /**
   * What the flags about events may be given.
   *
   * @param fields field names for lists of them; unmodifiable
   * @param filters beginnings of filters, {@code field==}, and whole ones; unmodifiable
   * @param modes output modes; unmodifiable
   */
  public record EventValues(List<String> fields, List<String> filters, List<String> modes) {
    /** Of a command whose fields are not known beforehand: the modes that every gadget has. */
    public static final EventValues NONE =
        new EventValues(
            List.of(), List.of(), List.of("columns", "json", "jsonpretty", "yaml", "none"));

    public EventValues {
      fields = List.copyOf(fields);
      filters = List.copyOf(filters);
      modes = List.copyOf(modes);
    }

    /** The modes, with {@code columns=} for a list of fields. */
    List<String> modesWithFields() {
      if (!modes.contains("columns")) {
        return modes;
      }
      List<String> all = new ArrayList<>(modes);
      all.add("columns=");
      return all;
    }
  }

  /**
   * A word that may follow.
   *
   * @param text the word
   * @param description one line; may be empty
   */
  public record Word(String text, String description) {
    public Word {
      text = SafeText.of(text);
      description = SafeText.of(description);
    }
  }
}
