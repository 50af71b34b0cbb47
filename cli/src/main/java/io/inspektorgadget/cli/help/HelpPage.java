// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.help;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.columns.text.SafeText;
import java.util.ArrayList;
import java.util.List;

/**
 * A help text that is being written: headings, indented lines, lists of two columns. What it is
 * given may be hostile, gadgets of others come with texts of others: it is escaped here.
 */
public final class HelpPage {
  private static final int WIDTH_WITHOUT_TERMINAL = 100;
  private static final int WIDTH_MIN = 40;
  private static final int LEFT_MAX = 34;
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();
  private final Terminal terminal;
  private final int width;

  /** An empty page for that terminal. */
  public HelpPage(Terminal terminal) {
    this.terminal = terminal;
    int columns = terminal.columns();
    this.width = columns == 0 ? WIDTH_WITHOUT_TERMINAL : Math.max(WIDTH_MIN, columns);
  }

  /** A paragraph without indent. */
  public HelpPage paragraph(String sentence) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    wrap(SafeText.of(sentence), 0, 0);
    return this;
  }

  /** A heading; what follows belongs to it. */
  public HelpPage heading(String title) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(terminal.bold(SafeText.of(title) + ":")).append('\n');
    return this;
  }

  /** A line under a heading, as it is. */
  public HelpPage line(String line) {
    text.append(INDENT).append(SafeText.of(line)).append('\n');
    return this;
  }

  /** A list: names on the left, what they are on the right. */
  public HelpPage list(List<Entry> entries) {
    List<Entry> safe = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      safe.add(new Entry(SafeText.of(entry.name()), SafeText.of(entry.description())));
    }
    writeList(safe);
    return this;
  }

  private void writeList(List<Entry> entries) {
    int left = 0;
    for (Entry entry : entries) {
      if (entry.name().length() <= LEFT_MAX) {
        left = Math.max(left, entry.name().length());
      }
    }
    int right = INDENT.length() + left + 2;
    for (Entry entry : entries) {
      text.append(INDENT).append(entry.name());
      int column = INDENT.length() + entry.name().length();
      if (entry.description().isEmpty()) {
        text.append('\n');
        continue;
      }
      if (column > right - 2) {
        text.append('\n');
        column = 0;
      }
      text.repeat(' ', right - column);
      wrap(entry.description(), right, right);
    }
  }

  /** The flags, each group under its heading. */
  public HelpPage flags(List<Flag> flags) {
    for (FlagGroup group : FlagGroup.values()) {
      List<Entry> entries = new ArrayList<>();
      for (Flag flag : flags) {
        if (flag.group() == group) {
          entries.add(new Entry(spelling(flag), flag.description()));
        }
      }
      if (!entries.isEmpty()) {
        heading(group.title() + " flags").list(entries);
      }
    }
    return this;
  }

  private static String spelling(Flag flag) {
    String letter = flag.letter().isEmpty() ? "    " : flag.letter() + ", ";
    return letter + flag.name() + (flag.isSwitch() ? "" : " " + flag.valueLabel());
  }

  /** Writes words, the first line at column {@code from}, further ones indented. */
  private void wrap(String sentence, int from, int indent) {
    int column = from;
    boolean first = true;
    for (String word : sentence.split(" ", -1)) {
      if (!first && column + 1 + word.length() > width) {
        text.append('\n').repeat(' ', indent);
        column = indent;
      } else if (!first) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
      first = false;
    }
    text.append('\n');
  }

  /** The page so far. */
  @Override
  public String toString() {
    return text.toString();
  }

  /**
   * One entry of a list.
   *
   * @param name left
   * @param description right; may be empty
   */
  public record Entry(String name, String description) {}
}
