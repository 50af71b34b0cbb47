// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.completion.CompletionNode.EventValues;
import io.inspektorgadget.cli.flag.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes the completion script for bash 4 and newer; it needs no package of completions. */
public final class BashCompletion {
  private static final String DRIVER =
      """
      # bash splits words at "=", so the words are read from the line itself.
      __FN() {
        local line=${COMP_LINE:0:COMP_POINT} cur='' flag='' at='' word skip='' i count=0
        local -a words
        read -ra words <<< "$line"
        case $line in *[[:space:]]) words+=('') ;; esac
        cur=${words[${#words[@]}-1]}
        for ((i = 1; i < ${#words[@]} - 1; i++)); do
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
        if [[ -z $flag && $cur == --*=* ]]; then flag=${cur%%=*}; cur=${cur#*=}; fi
        local -a candidates=()
        if [[ -n $flag ]]; then
          __FN_values "$at" "$flag" "$cur"
        elif [[ $cur == -* ]]; then
          __FN_flags "$at"
        else
          __FN_words "$at"
        fi
        COMPREPLY=()
        local candidate prefix=''
        if [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]]; then prefix=${cur%"${cur##*=}"}; fi
        for candidate in "${candidates[@]}"; do
          if [[ $candidate == "$cur"* ]]; then COMPREPLY+=("${candidate#"$prefix"}"); fi
        done
        case ${COMPREPLY[0]-} in *=) compopt -o nospace 2>/dev/null ;; esac
        if [[ ${#COMPREPLY[@]} -eq 0 && $at == run && -z $flag ]]; then
          compopt -o default 2>/dev/null
        fi
      }

      # __FN_list PREFIX CURRENT NAME...: a comma list that goes on behind its last comma.
      __FN_list() {
        local prefix=$1 current=${2#"$1"} name; shift 2
        case $current in *,*) prefix+=${current%,*}, ;; esac
        for name in "$@"; do candidates+=("$prefix$name"); done
      }

      complete -F __FN __PROGRAM
      """;

  private final String executable;
  private final String function;
  private final List<CompletionNode> nodes;
  private final StringBuilder script = new StringBuilder();

  /** A script for that program. */
  public BashCompletion(String executable, List<CompletionNode> nodes) {
    this.executable = executable;
    this.function = "_" + ShellText.identifier(executable);
    this.nodes = List.copyOf(nodes);
  }

  /** The whole script. */
  public String script() {
    script.append("# bash completion of ").append(executable).append("; load it with: source <(");
    script.append(executable).append(" completion bash)\n\n");
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

  private void writeWords() {
    open("_words");
    for (CompletionNode node : nodes) {
      List<String> words = new ArrayList<>();
      for (CompletionNode.Word word : node.words()) {
        words.add(word.text());
      }
      branch(node.paths(), words);
    }
    close();
  }

  private void writeFlags() {
    open("_flags");
    for (CompletionNode node : nodes) {
      List<String> names = new ArrayList<>();
      for (Flag flag : node.flags()) {
        names.add(flag.name());
      }
      branch(node.paths(), names);
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
    script.append(function).append("_values() {\n  local -a names\n  case \"$1 $2\" in\n");
    for (CompletionNode node : nodes) {
      for (Flag flag : node.flags()) {
        writeValues(node, flag);
      }
    }
    close();
  }

  private void writeValues(CompletionNode node, Flag flag) {
    String action =
        switch (flag.traits().completion()) {
          case NONE -> "";
          case VALUES -> "candidates=(" + ShellText.quoted(flag.traits().values()) + ")";
          case FIELDS -> function + "_fields \"$1\"; " + listOfFields("''");
          case FILTER -> function + "_filters \"$1\"; " + listOfFields("''");
          case OUTPUT -> outputAction(node);
          case CONTAINERS ->
              "mapfile -t names < <(\"${COMP_WORDS[0]}\" list-containers -o names 2>/dev/null); "
                  + function
                  + "_list '' \"$3\" \"${names[@]}\"";
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

  private String listOfFields(String prefix) {
    return "names=(\"${candidates[@]}\"); candidates=(); "
        + function
        + "_list "
        + prefix
        + " \"$3\" \"${names[@]}\"";
  }

  private String outputAction(CompletionNode node) {
    return "if [[ $3 == columns=* ]]; then "
        + function
        + "_fields \"$1\"; "
        + listOfFields("columns=")
        + "; else candidates=("
        + ShellText.quoted(node.values().modesWithFields())
        + "); fi";
  }
}
