// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

/**
 * A container as the runtime knows it, before its bundle has been read. Immutable; unknown texts
 * are empty.
 *
 * @param runtimeName the runtime that runs it
 * @param id its id there
 * @param bundle its bundle's path, absolute, as the runtime sees it
 * @param runtimePid a process in the runtime's mount namespace, 0 if that is the host's
 * @param startedAtNs when it started, ns since 1970, 0 if unknown
 */
public record Candidate(
    String runtimeName, String id, String bundle, long runtimePid, long startedAtNs) {}
