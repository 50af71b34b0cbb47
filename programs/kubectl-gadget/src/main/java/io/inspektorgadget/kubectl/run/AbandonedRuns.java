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
      boolean works = true;
      for (RunLedger.Entry entry : ledger.abandoned()) {
        // Each is let go of, also those behind one that could not be ended.
        try (entry) {
          works = works && remove(entry);
        }
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(Exception why) {
    err.warning("ending what an earlier run has left: " + why.getMessage());
  }

  /** False if the cluster does not do it; it is not asked for the next then. */
  private boolean remove(RunLedger.Entry entry) throws IOException {
    int count;
    try {
      count = RunTraces.deleteOf(cluster, entry.runId());
    } catch (ClusterException e) {
      failed(e);
      return false;
    }
    entry.done();
    if (count > 0) {
      err.warning(
          (count == 1 ? "1 Trace" : count + " Traces")
              + " of an earlier run, which was killed, "
              + (count == 1 ? "is" : "are")
              + " deleted now");
    }
    return true;
  }
}
