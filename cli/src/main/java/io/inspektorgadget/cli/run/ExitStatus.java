// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

/** What the process says to whoever started it. */
public final class ExitStatus {
  /** All went well; also after Ctrl-C, and when the reader of a pipe went away. */
  public static final int OK = 0;

  /** Something went wrong while running. */
  public static final int FAILED = 1;

  /** The command line could not be understood; nothing was started. */
  public static final int USAGE = 2;

  private ExitStatus() {}
}
