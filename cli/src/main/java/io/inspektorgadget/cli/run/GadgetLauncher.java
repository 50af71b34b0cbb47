// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;

/** Runs gadgets for the command line: here on this host, or on the nodes of a cluster. */
public interface GadgetLauncher {

  /**
   * Reads a gadget that is not in the catalog.
   *
   * @param target a directory or a file
   * @throws RunException if it is no gadget, naming what is wrong with it
   */
  GadgetSpec read(String target);

  /** True if it runs gadgets that are not in the catalog. */
  default boolean readsFiles() {
    return true;
  }

  /**
   * Starts a gadget.
   *
   * @param invocation what the user asks for
   * @param sink receives the events, on threads of the run
   * @throws RunException if it cannot be started; nothing is left behind then
   */
  LaunchedRun launch(GadgetInvocation invocation, EventSink sink);
}
