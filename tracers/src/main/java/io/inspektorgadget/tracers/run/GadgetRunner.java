// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.run.RunRequest;

/**
 * Starts gadgets. The command line, the Trace controller and programs that embed us all call {@link
 * #start}. Safe for concurrent use; runs are independent of each other.
 */
public final class GadgetRunner {
  private final CollectionPromise containers;
  private final HostFilesystem host;
  private final String nodeName;

  /**
   * A runner over the containers of a host.
   *
   * @param containers who the containers are; asked for as late as a run allows, so that the
   *     collection can start while an object is loaded. It stays the caller's, who closes it after
   *     all runs, and who finds out whether it could be started: a run of the whole host does not
   *     wait for it, but holds what comes from other mount namespaces until it is there
   * @param host where /etc and /proc of the host are
   * @param nodeName what events say in {@code k8s.node}; may be empty
   */
  public GadgetRunner(CollectionPromise containers, HostFilesystem host, String nodeName) {
    this.containers = containers;
    this.host = host;
    this.nodeName = nodeName;
  }

  /**
   * Loads and attaches a gadget and starts to send its events to the sink. When this returns, the
   * kernel programs are attached.
   *
   * @return the run, which the caller closes
   * @throws GadgetException if a parameter is wrong, the object cannot be loaded or no hook works;
   *     nothing is left behind then
   */
  public GadgetRun start(RunRequest request, EventSink sink) {
    CloserStack closers = new CloserStack();
    try {
      LoadedGadget gadget = LoadedGadget.load(request, containers, host, closers);
      EventLoop loop =
          new LoopAssembly(request, gadget, containers, host, nodeName).build(sink, closers);
      return new GadgetRun(gadget, loop, closers);
    } catch (RuntimeException e) {
      try {
        closers.close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }
}
