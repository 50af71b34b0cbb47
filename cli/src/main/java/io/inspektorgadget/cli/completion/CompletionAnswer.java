// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.completion.CompletionNode.EventValues;
import io.inspektorgadget.cli.completion.CompletionNode.Word;
import io.inspektorgadget.cli.flag.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a shell that asks for the completion of one command line, as programs made with cobra do:
 * a candidate a line, behind a tab what it is, and in the last line what the shell is to do with
 * them. So kubectl completes its plugins.
 */
public final class CompletionAnswer {
  /** The word by which such a program is asked. */
  public static final String COMMAND = "__complete";

  private static final int PATH_WORDS_MAX = 2;
  private static final String COLUMNS = "columns=";

  /** Names of files follow. */
  private static final int FILES = 0;

  private static final int NO_SPACE = 2;
  private static final int NO_FILES = 4;

  private final List<CompletionNode> nodes;
  private final Supplier<List<String>> containers;
  private final List<Word> candidates = new ArrayList<>();
  private int directive = NO_FILES;

  /**
   * An answer from what may follow which words.
   *
   * @param containers asks for the names of containers; only where they are wanted
   */
  public CompletionAnswer(List<CompletionNode> nodes, Supplier<List<String>> containers) {
    this.nodes = List.copyOf(nodes);
    this.containers = containers;
  }

  /** The answer for the words behind the program's name; the last is the one to complete. */
  public String text(List<String> words) {
    String current = words.isEmpty() ? "" : words.getLast();
    List<String> path = new ArrayList<>();
    Flag asked = null;
    for (String word : words.subList(0, Math.max(0, words.size() - 1))) {
      if (asked != null) {
        asked = null;
      } else if (word.startsWith("-")) {
        asked = word.contains("=") ? null : valueFlag(node(path), word);
      } else if (path.size() < PATH_WORDS_MAX) {
        path.add(word);
      }
    }
    CompletionNode node = node(path);
    int equals = current.startsWith("--") ? current.indexOf('=') : -1;
    if (asked == null && equals > 0) {
      // Shells put the flag before a value themselves.
      asked = valueFlag(node, current.substring(0, equals));
      current = current.substring(equals + 1);
    }
    if (asked != null) {
      addValues(node, asked, current);
    } else if (node != null && current.startsWith("-")) {
      node.flags().forEach(flag -> candidates.add(new Word(flag.name(), flag.description())));
    } else if (node != null) {
      candidates.addAll(node.words());
    }
    return text(current);
  }

  private String text(String current) {
    StringBuilder text = new StringBuilder();
    for (Word candidate : candidates) {
      if (candidate.text().startsWith(current)) {
        text.append(candidate.text());
        if (!candidate.description().isEmpty()) {
          text.append('\t').append(candidate.description());
        }
        text.append('\n');
      }
    }
    return text.append(':').append(directive).append('\n').toString();
  }

  private @Nullable CompletionNode node(List<String> path) {
    String wanted = String.join(" ", path);
    for (CompletionNode node : nodes) {
      if (node.paths().contains(wanted)) {
        return node;
      }
    }
    return null;
  }

  /** A flag by any of its names; before the command is whole, of any command. */
  private @Nullable Flag valueFlag(@Nullable CompletionNode at, String name) {
    for (CompletionNode node : at == null ? nodes : List.of(at)) {
      for (Flag flag : node.flags()) {
        if (flag.isNamed(name)) {
          return flag.isSwitch() ? null : flag;
        }
      }
    }
    return null;
  }

  private void addValues(@Nullable CompletionNode node, Flag flag, String current) {
    EventValues values = node == null ? EventValues.NONE : node.values();
    List<String> fields = values.fields();
    switch (flag.traits().completion()) {
      case NONE -> directive = flag.valueLabel().equals("FILE") ? FILES : NO_FILES;
      case VALUES -> flag.traits().values().forEach(value -> candidates.add(new Word(value, "")));
      case FIELDS -> addList("", current, fields);
      case FILTER -> addList("", current, values.filters());
      case CONTAINERS -> addList("", current, containers.get());
      case OUTPUT -> {
        if (current.startsWith(COLUMNS)) {
          addList(COLUMNS, current, fields);
        } else {
          values.modesWithFields().forEach(mode -> candidates.add(new Word(mode, "")));
          // The fields follow at once; a space after "json" does no harm to who goes on.
          directive = NO_FILES | NO_SPACE;
        }
      }
    }
  }

  /** A comma list that goes on behind its last comma. */
  private void addList(String prefix, String current, List<String> names) {
    int comma = current.lastIndexOf(',');
    String done = comma < 0 ? prefix : current.substring(0, comma + 1);
    names.forEach(name -> candidates.add(new Word(done + name, "")));
  }
}
