// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.model.event.EndCause;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that stands in the ledger until its Traces are gone, so that the next one ends what it
 * leaves behind when it is killed.
 */
final class NotedRun implements LaunchedRun {
  private final ClusterRun run;
  private final RunLedger.@Nullable Entry entry;
  private final StandardError err;

  private NotedRun(ClusterRun run, RunLedger.@Nullable Entry entry, StandardError err) {
    this.run = run;
    this.entry = entry;
    this.err = err;
  }

  /**
   * Notes a run, then starts it.
   *
   * @param err told if it cannot be noted
   * @param start starts it
   */
  static NotedRun start(ClusterRun run, RunLedger ledger, StandardError err, Runnable start) {
    RunLedger.Entry entry = null;
    try {
      entry = ledger.begin(run.runId());
    } catch (IOException e) {
      err.warning(
          "noting this run: "
              + e.getMessage()
              + "; should this program be killed, its Traces stay in the cluster");
    }
    NotedRun noted = new NotedRun(run, entry, err);
    try {
      start.run();
      return noted;
    } catch (RuntimeException e) {
      noted.forget();
      throw e;
    }
  }

  @Override
  public List<String> notes() {
    return run.notes();
  }

  @Override
  public void awaitAttached() throws InterruptedException {
    run.awaitAttached();
  }

  @Override
  public EndCause awaitEnd() throws InterruptedException {
    return run.awaitEnd();
  }

  @Override
  public void stop() {
    run.stop();
  }

  @Override
  public void close() {
    run.close();
    forget();
  }

  private void forget() {
    if (entry == null) {
      return;
    }
    try {
      if (run.isTidy()) {
        entry.done();
      } else {
        entry.close();
      }
    } catch (IOException e) {
      err.warning("noting that this run is over: " + e.getMessage());
    }
  }
}
