// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.flag.Flag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Pieces of shell scripts: quoted words, patterns, and the flags of all nodes together. */
final class ShellText {
  private ShellText() {}

  /** A word in single quotes, for bash and zsh: nothing in it means anything to the shell. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Words in single quotes, separated by spaces. */
  static String quoted(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append(text.isEmpty() ? "" : " ").append(quoted(word));
    }
    return text.toString();
  }

  /** A {@code case} pattern of several words: {@code 'a'|'b'}. */
  static String pattern(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append(text.isEmpty() ? "" : "|").append(quoted(word));
    }
    return text.toString();
  }

  /** A branch of a {@code case} that sets {@code candidates}; nothing without candidates. */
  static String branch(List<String> patterns, List<String> candidates) {
    return candidates.isEmpty()
        ? ""
        : "    " + pattern(patterns) + ") candidates=(" + quoted(candidates) + ") ;;\n";
  }

  /** One branch for the words that lead to each node. */
  static String branches(
      List<CompletionNode> nodes, Function<CompletionNode.EventValues, List<String>> values) {
    StringBuilder text = new StringBuilder();
    for (CompletionNode node : nodes) {
      text.append(branch(node.paths(), values.apply(node.values())));
    }
    return text.toString();
  }

  /** Every name of a flag. */
  static List<String> names(Flag flag) {
    List<String> names = new ArrayList<>();
    names.add(flag.name());
    if (!flag.letter().isEmpty()) {
      names.add(flag.letter());
    }
    names.addAll(flag.traits().otherNames());
    return names;
  }

  /** The names of all flags, of any node, that take a value. */
  static List<String> valueFlags(List<CompletionNode> nodes) {
    Set<String> names = new LinkedHashSet<>();
    for (CompletionNode node : nodes) {
      for (Flag flag : node.flags()) {
        if (!flag.isSwitch()) {
          names.addAll(names(flag));
        }
      }
    }
    return List.copyOf(names);
  }

  /** The program's name as part of a shell function's name. */
  static String identifier(String executable) {
    return executable.replace('-', '_');
  }
}
