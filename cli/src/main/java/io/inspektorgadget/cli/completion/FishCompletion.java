// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.completion;

import io.inspektorgadget.cli.flag.Flag;
import java.util.ArrayList;
import java.util.List;

/** Writes the completion script for fish. */
public final class FishCompletion {
  private static final String DRIVER =
      """
      # The words of the command before the cursor, without flags and their values: two at most.
      function __FN_at
          set -l tokens (commandline -opc)
          set -l found
          set -l skip no
          for token in $tokens[2..-1]
              if test $skip = yes
                  set skip no
              else if string match -q -- '-*' $token
                  if not string match -q -- '*=*' $token; and contains -- $token $__FN_value_flags
                      set skip yes
                  end
              else if test (count $found) -lt 2
                  set -a found $token
              end
          end
          contains -- "$found" $argv
      end

      # __FN_list PREFIX NAME...: a comma list that goes on behind its last comma.
      function __FN_list
          set -l current (commandline -ct | string replace -r '^--[^=]*=' '')
          set -l done (string match -r '^.*,' -- $current)
          if test -z "$done"
              set done $argv[1]
          end
          for name in $argv[2..-1]
              echo $done$name
          end
      end

      function __FN_containers
          set -l tokens (commandline -opc)
          $tokens[1] list-containers -o names 2>/dev/null
      end

      # __FN_output MODES NAME...: the modes in one word, or the fields behind columns=.
      function __FN_output
          if commandline -ct | string match -q -- '*columns=*'
              __FN_list columns= $argv[2..-1]
          else
              string split ' ' -- $argv[1]
          end
      end

      complete -c __PROGRAM -f
      """;

  private final String executable;
  private final String function;
  private final List<CompletionNode> nodes;
  private final StringBuilder script = new StringBuilder();

  /** A script for that program. */
  public FishCompletion(String executable, List<CompletionNode> nodes) {
    this.executable = executable;
    this.function = "__" + ShellText.identifier(executable);
    this.nodes = List.copyOf(nodes);
  }

  /** The whole script. */
  public String script() {
    script.append("# fish completion of ").append(executable).append("; load it with: ");
    script.append(executable).append(" completion fish | source\n\n");
    script.append("set -g ").append(function).append("_value_flags ");
    script.append(quoted(ShellText.valueFlags(nodes))).append("\n\n");
    script.append(DRIVER.replace("__FN", function).replace("__PROGRAM", executable));
    for (CompletionNode node : nodes) {
      for (CompletionNode.Word word : node.words()) {
        writeWord(node, word);
      }
      for (Flag flag : node.flags()) {
        writeFlag(node, flag);
      }
      if (node.paths().contains("run")) {
        begin(node);
        script.append(" -F\n");
      }
    }
    return script.toString();
  }

  private void begin(CompletionNode node) {
    script.append("complete -c ").append(executable).append(" -n ");
    script.append(quoted(function + "_at " + quoted(node.paths())));
  }

  private void writeWord(CompletionNode node, CompletionNode.Word word) {
    begin(node);
    script.append(" -a ").append(quoted(word.text()));
    describe(word.description());
  }

  private void writeFlag(CompletionNode node, Flag flag) {
    begin(node);
    if (!flag.letter().isEmpty()) {
      script.append(" -s ").append(flag.letter().substring(1));
    }
    script.append(" -l ").append(flag.name().substring(2));
    if (!flag.isSwitch()) {
      script.append(" -x");
      String values = values(node, flag);
      if (!values.isEmpty()) {
        script.append(" -a ").append(quoted(values));
      }
    }
    describe(flag.description());
  }

  private String values(CompletionNode node, Flag flag) {
    return switch (flag.traits().completion()) {
      case NONE -> "";
      case VALUES -> String.join(" ", flag.traits().values());
      case FIELDS -> "(" + function + "_list '' " + quoted(node.values().fields()) + ")";
      case FILTER -> "(" + function + "_list '' " + quoted(node.values().filters()) + ")";
      case OUTPUT ->
          "("
              + function
              + "_output "
              + quoted(String.join(" ", node.values().modesWithFields()))
              + " "
              + quoted(node.values().fields())
              + ")";
      case CONTAINERS -> "(" + function + "_list '' (" + function + "_containers))";
    };
  }

  private void describe(String description) {
    if (!description.isEmpty()) {
      script.append(" -d ").append(quoted(description));
    }
    script.append('\n');
  }

  /** In fish a backslash keeps its meaning between single quotes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String quoted(List<String> texts) {
    List<String> quoted = new ArrayList<>();
    for (String text : texts) {
      quoted.add(quoted(text));
    }
    return String.join(" ", quoted);
  }
}
