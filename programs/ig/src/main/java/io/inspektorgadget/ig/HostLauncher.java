// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.GadgetLauncher;
import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.VerifierException;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.catalog.GadgetSource;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs gadgets on this host, in this process. */
final class HostLauncher implements GadgetLauncher {
  private final HostFilesystem host;
  private final CollectionOptions options;
  private final StandardError err;
  private @Nullable CollectionStart foreseen;

  /**
   * A launcher.
   *
   * @param host where the host's files are
   * @param options what the collection of containers looks at
   * @param err for what is worth knowing when a run starts and ends
   */
  HostLauncher(HostFilesystem host, CollectionOptions options, StandardError err) {
    this.host = host;
    this.options = options;
    this.err = err;
  }

  /**
   * Says that a gadget will most likely be launched: Container-Collection then starts while the
   * command line is read. Does nothing where the process may not do it.
   */
  void foresee() {
    if (Privileges.ofProcess().missing().isEmpty()) {
      foreseen = CollectionStart.begin(host, options);
    }
  }

  @Override
  public GadgetSpec read(String target) {
    return new GadgetSource(new Catalog(List.of()), System.getenv()).find(target);
  }

  @Override
  public LaunchedRun launch(GadgetInvocation invocation, EventSink sink) {
    RunRequest request = invocation.request();
    GadgetSpec gadget = request.gadget();
    Privileges.ofProcess().require("ig " + gadget.category() + " " + gadget.commandName());
    CollectionStart begun = foreseen;
    foreseen = null;
    CollectionStart containers = begun == null ? CollectionStart.begin(host, options) : begun;
    try {
      GadgetRun run = new GadgetRunner(containers, host, "").start(request, sink);
      Runnable atEnd;
      try {
        atEnd = report(containers.get(), request);
      } catch (RuntimeException e) {
        run.close();
        throw e;
      }
      return HostRun.of(containers, run, atEnd);
    } catch (RuntimeException e) {
      containers.close();
      throw explained(e);
    }
  }

  /** Says what is worth knowing now, and from now on what goes wrong, until the result runs. */
  private Runnable report(ContainerCollection containers, RunRequest request) {
    ContainerSelector selector = request.selector();
    if (selector.host()) {
      return () -> {};
    }
    String nothing =
        MatchReport.ofRun(containers.containers(), selector, request.gadget().followsEvents());
    if (nothing != null) {
      err.line(SafeText.of(nothing));
    }
    return ContainerWarnings.follow(containers, err)::close;
  }

  /** With the verifier's whole log for those who ask for it. */
  private static RuntimeException explained(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof VerifierException rejected) {
        return new RunException(String.valueOf(failure.getMessage()), rejected.log(), failure);
      }
    }
    return failure;
  }
}
