// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

/** Tells when the user wants an end. */
@FunctionalInterface
public interface StopRequests {

  /**
   * Says what such a wish is to do; done at once if it came already. The action is run by another
   * thread and must return at once.
   */
  void whenStopped(Runnable action);
}
