// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

/** Asks the operating system for the size of the terminal behind standard output. */
@FunctionalInterface
public interface TerminalSize {

  /** Its width in character cells at this moment; 0 if it cannot be told. */
  int columns();
}
