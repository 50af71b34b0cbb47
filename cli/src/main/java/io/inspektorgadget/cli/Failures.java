// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.ReaderGoneException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.gadget.GadgetException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Turns what went wrong into one line on standard error and an exit status. */
final class Failures {
  private final String program;
  private final StandardError err;
  private final boolean verbose;

  /**
   * For one command line.
   *
   * @param program how the user calls the program
   * @param verbose true if stack traces and details are wanted
   */
  Failures(String program, StandardError err, boolean verbose) {
    this.program = program;
    this.err = err;
    this.verbose = verbose;
  }

  /** Something that may go wrong. */
  @FunctionalInterface
  interface Step {
    int run() throws IOException;
  }

  /** Does it; returns its exit status, or that of its failure. */
  int reporting(Step step) {
    try {
      return step.run();
    } catch (UsageException e) {
      print(e);
      return ExitStatus.USAGE;
    } catch (IOException | RuntimeException e) {
      if (ReaderGoneException.isCauseOf(e)) {
        return ExitStatus.OK;
      }
      print(e);
      return ExitStatus.FAILED;
    }
  }

  private void print(Exception failure) {
    // Only what a compiler says of a gadget's source has further lines.
    List<String> lines =
        failure instanceof GadgetException
            ? message(failure).lines().toList()
            : List.of(message(failure));
    err.line("Error: " + SafeText.of(lines.getFirst()));
    for (String line : lines.subList(1, lines.size())) {
      err.line("  " + SafeText.of(line));
    }
    if (!verbose) {
      return;
    }
    if (failure instanceof RunException run && !run.details().isEmpty()) {
      err.line(run.details());
    }
    if (!(failure instanceof UsageException)) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      err.line(trace.toString());
    }
  }

  private String message(Exception thrown) {
    Throwable failure = thrown;
    if (thrown instanceof UncheckedIOException && thrown.getCause() instanceof IOException cause) {
      failure = cause;
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return "running "
          + program
          + ": "
          + failure.getClass().getSimpleName()
          + ", which is a defect of this program; --verbose shows where";
    }
    return failure instanceof IOException ? "writing the output: " + message : message;
  }
}
