// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is behind standard output: whether it is a terminal, how wide it is, and whether it may be
 * coloured. Immutable but for the width, which is asked for each time; safe for concurrent use.
 */
public final class Terminal {
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private final boolean isTerminal;
  private final int columnsAsSet;
  private final boolean isColoured;
  private final TerminalSize size;

  /**
   * A terminal or none.
   *
   * @param isTerminal true if standard output is one
   * @param environment COLUMNS, NO_COLOR and TERM are looked at
   * @param size asked when COLUMNS is not set
   */
  public Terminal(boolean isTerminal, Map<String, String> environment, TerminalSize size) {
    this.isTerminal = isTerminal;
    this.columnsAsSet = positive(environment.getOrDefault("COLUMNS", ""));
    this.isColoured =
        isTerminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    this.size = size;
  }

  /** What is behind standard output of this process. */
  public static Terminal ofProcess(TerminalSize size) {
    return new Terminal(standardOutputIsTerminal(), System.getenv(), size);
  }

  private static boolean standardOutputIsTerminal() {
    String target = linkTarget(STANDARD_OUTPUT);
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.equals("/dev/console");
  }

  /** What the link points at; empty where there is no such link (no /proc). */
  static String linkTarget(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static int positive(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || value > 100_000) {
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  /** True if standard output is a terminal. */
  public boolean isTerminal() {
    return isTerminal;
  }

  /** True if colours and other attributes may be used. */
  public boolean isColoured() {
    return isColoured;
  }

  /**
   * The width that output must fit into, in character cells; 0 if there is none to fit into:
   * standard output is no terminal and COLUMNS is not set.
   */
  public int columns() {
    if (columnsAsSet > 0) {
      return columnsAsSet;
    }
    return isTerminal ? size.columns() : 0;
  }

  /** The text in bold where colours are allowed. */
  public String bold(String text) {
    return isColoured ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** The text in green where colours are allowed: what is well. */
  public String green(String text) {
    return isColoured ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  /** The text in red where colours are allowed: what is wrong. */
  public String red(String text) {
    return isColoured ? "\u001b[31m" + text + "\u001b[0m" : text;
  }
}
