// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.util.List;

/**
 * A container as the runtime knows it, before its bundle has been read. Immutable; unknown texts
 * are empty.
 *
 * @param runtimeName the runtime that runs it
 * @param id its id there
 * @param bundle its bundle's path, absolute, as the runtime sees it
 * @param viewPids processes in the runtime's mount namespace, as long as they live: its own and
 *     others; empty if that is the host's. Unmodifiable
 * @param startedAtNs when it started, ns since 1970, 0 if unknown
 */
public record Candidate(
    String runtimeName, String id, String bundle, List<Long> viewPids, long startedAtNs) {

  public Candidate {
    viewPids = List.copyOf(viewPids);
  }

  /** The same, started at this time, in ns since 1970. */
  public Candidate startedAt(long timeNs) {
    return new Candidate(runtimeName, id, bundle, viewPids, timeNs);
  }
}
