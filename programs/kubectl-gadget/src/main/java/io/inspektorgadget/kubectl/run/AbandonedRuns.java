// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.trace.client.ClusterException;
import java.io.IOException;

/** Ends in the cluster what programs of this machine have left there when they were killed. */
final class AbandonedRuns {
  private final Cluster cluster;
  private final RunLedger ledger;
  private final StandardError err;

  AbandonedRuns(Cluster cluster, RunLedger ledger, StandardError err) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.err = err;
  }

  /** Deletes their Traces and says so; what does not work is said, too, and tried again later. */
  void remove() {
    try {
      for (RunLedger.Entry entry : ledger.abandoned()) {
        try (entry) {
          remove(entry);
        }
      }
    } catch (IOException | ClusterException e) {
      err.warning("ending what an earlier run has left: " + e.getMessage());
    }
  }

  private void remove(RunLedger.Entry entry) throws IOException {
    int count = RunTraces.deleteOf(cluster, entry.runId());
    entry.done();
    if (count > 0) {
      err.warning(
          (count == 1 ? "1 Trace" : count + " Traces")
              + " of an earlier run, which was killed, "
              + (count == 1 ? "is" : "are")
              + " deleted now");
    }
  }
}
