// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.columns.text.SafeText;
import java.util.List;

/**
 * What may follow the words of a command.
 *
 * @param paths the words that lead here, several if the same follows all of them; the empty text is
 *     the program itself
 * @param words the words that may follow; unmodifiable
 * @param flags the flags that may follow; unmodifiable
 * @param fields field names for lists of them; unmodifiable
 */
public record CompletionNode(
    List<String> paths, List<Word> words, List<Flag> flags, List<String> fields) {

  public CompletionNode {
    paths = List.copyOf(paths);
    words = List.copyOf(words);
    flags = List.copyOf(flags);
    fields = List.copyOf(fields);
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
