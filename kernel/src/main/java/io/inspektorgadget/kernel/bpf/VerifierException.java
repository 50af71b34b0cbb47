// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/**
 * The kernel's verifier, or the linker before it, refused a program of an object. {@link #summary}
 * is one line for a user, {@link #log} everything that libbpf and the kernel said.
 */
public final class VerifierException extends BpfException {
  private static final long serialVersionUID = 1L;

  private final String program;
  private final String summary;
  private final String log;

  VerifierException(String object, int errno, VerifierLog log) {
    super("loading", log.program().isEmpty() ? object : log.program(), errno, log.summary());
    this.program = log.program();
    this.summary = log.summary();
    this.log = log.text();
  }

  /** The program that was refused; empty if the log does not name it. */
  public String program() {
    return program;
  }

  /** The failing line and the cause, on one line. */
  public String summary() {
    return summary;
  }

  /** The whole log, many lines. */
  public String log() {
    return log;
  }
}
