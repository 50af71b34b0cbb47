// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.SystemCallException;

/** An operation on a BPF object, map, program or link that did not succeed. */
public class BpfException extends SystemCallException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes one failed operation.
   *
   * @param operation what was being done, in the continuous form
   * @param subject to what
   * @param errno the positive error number, 0 where none belongs to it
   * @param detail why, and what to do; empty if the error number says it all
   */
  public BpfException(String operation, String subject, int errno, String detail) {
    super(operation, subject, errno, detail);
  }
}
