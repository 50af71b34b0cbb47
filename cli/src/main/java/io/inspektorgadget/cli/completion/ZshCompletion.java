// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.completion.CompletionNode.EventValues;
import io.inspektorgadget.cli.flag.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes the completion script for zsh. */
public final class ZshCompletion {
  private static final String DRIVER =
      """
      __FN() {
        local at='' flag='' word='' skip='' i count=0
        local -a candidates
        for ((i = 2; i < CURRENT; i++)); do
          word=${words[i]}
          flag=''
          if [[ -n $skip ]]; then skip=''; continue; fi
          if [[ $word == -* ]]; then
            if [[ $word != *=* ]] && __FN_takes_value "$word"; then skip=1; flag=$word; fi
            continue
          fi
          if ((count < 2)); then at+=${at:+ }$word; fi
          count=$((count + 1))
        done
        if [[ -z $flag && ${words[CURRENT]} == --*=* ]]; then
          flag=${words[CURRENT]%%=*}
          compset -P '--[^=]#='
        fi
        if [[ -n $flag ]]; then
          __FN_values "$at" "$flag"
        elif [[ ${words[CURRENT]} == -* ]]; then
          __FN_flags "$at"
          _describe -o 'flag' candidates
        else
          __FN_words "$at"
          if ((${#candidates})); then _describe 'command' candidates; fi
          if [[ $at == run ]]; then _files; fi
        fi
      }

      # __FN_list NAME...: a comma list that goes on behind its last comma.
      __FN_list() {
        compset -P '*,'
        compadd -q -S '' -- "$@"
      }

      if [[ ${funcstack[1]-} == __FN ]]; then __FN "$@"; else compdef __FN __PROGRAM; fi
      """;

  private final String executable;
  private final String function;
  private final List<CompletionNode> nodes;
  private final StringBuilder script = new StringBuilder();

  /** A script for that program. */
  public ZshCompletion(String executable, List<CompletionNode> nodes) {
    this.executable = executable;
    this.function = "_" + ShellText.identifier(executable);
    this.nodes = List.copyOf(nodes);
  }

  /** The whole script. */
  public String script() {
    script.append("#compdef ").append(executable).append("\n");
    script.append("# zsh completion of ").append(executable).append("; load it with: source <(");
    script.append(executable).append(" completion zsh)\n\n");
    writeWords();
    writeFlags();
    writeEventValues("_fields", EventValues::fields);
    writeEventValues("_filters", EventValues::filters);
    writeTakesValue();
    writeValues();
    script.append(DRIVER.replace("__FN", function).replace("__PROGRAM", executable));
    return script.toString();
  }

  private void open(String name) {
    script.append(function).append(name).append("() {\n  case $1 in\n");
  }

  private void close() {
    script.append("  esac\n}\n\n");
  }

  private void branch(List<String> patterns, List<String> candidates) {
    script.append(ShellText.branch(patterns, candidates));
  }

  /** What {@code _describe} takes: a colon separates the word from what it means. */
  private static String described(String word, String description) {
    String name = word.replace(":", "\\:");
    return description.isEmpty() ? name : name + ":" + description;
  }

  private void writeWords() {
    open("_words");
    for (CompletionNode node : nodes) {
      List<String> words = new ArrayList<>();
      for (CompletionNode.Word word : node.words()) {
        words.add(described(word.text(), word.description()));
      }
      branch(node.paths(), words);
    }
    close();
  }

  private void writeFlags() {
    open("_flags");
    for (CompletionNode node : nodes) {
      List<String> flags = new ArrayList<>();
      for (Flag flag : node.flags()) {
        flags.add(described(flag.name(), flag.description()));
        if (!flag.letter().isEmpty()) {
          flags.add(described(flag.letter(), flag.description()));
        }
      }
      branch(node.paths(), flags);
    }
    close();
  }

  private void writeEventValues(String name, Function<EventValues, List<String>> values) {
    open(name);
    script.append(ShellText.branches(nodes, values));
    close();
  }

  private void writeTakesValue() {
    open("_takes_value");
    script.append("    ").append(ShellText.pattern(ShellText.valueFlags(nodes)));
    script.append(") return 0 ;;\n  esac\n  return 1\n}\n\n");
  }

  private void writeValues() {
    script.append(function).append("_values() {\n  case \"$1 $2\" in\n");
    for (CompletionNode node : nodes) {
      for (Flag flag : node.flags()) {
        writeValues(node, flag);
      }
    }
    close();
  }

  private void writeValues(CompletionNode node, Flag flag) {
    String fields = function + "_fields \"$1\"; " + function + "_list \"${candidates[@]}\"";
    String action =
        switch (flag.traits().completion()) {
          case NONE -> "";
          case VALUES -> "compadd -- " + ShellText.quoted(flag.traits().values());
          case FIELDS -> fields;
          case FILTER -> fields.replace("_fields", "_filters");
          case OUTPUT -> outputAction(node, fields);
          case CONTAINERS ->
              function + "_list ${(f)\"$(\"${words[1]}\" list-containers -o names 2>/dev/null)\"}";
        };
    if (action.isEmpty()) {
      return;
    }
    List<String> patterns = new ArrayList<>();
    for (String path : node.paths()) {
      for (String name : ShellText.names(flag)) {
        patterns.add(path + " " + name);
      }
    }
    script.append("    ").append(ShellText.pattern(patterns)).append(") ");
    script.append(action).append(" ;;\n");
  }

  private static String outputAction(CompletionNode node, String fields) {
    List<String> modes = node.values().modes();
    String words = "compadd -- " + ShellText.quoted(modes);
    return modes.contains("columns")
        ? "if compset -P 'columns='; then "
            + fields
            + "; else compadd -S '' -- 'columns='; "
            + words
            + "; fi"
        : words;
  }
}
