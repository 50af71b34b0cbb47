// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

/**
 * A thread that is held, as it was at that moment; numbers are those of this process's PID
 * namespace, and 0 where the kernel did not say. Immutable.
 *
 * @param id its own number
 * @param pid its process
 * @param parentPid the parent of its process
 * @param mountNs inode number of its mount namespace
 * @param mountNsUniqueId that namespace's id, which is never used again; 0 on older kernels
 * @param netNs inode number of its network namespace
 */
public record HeldThread(
    long id, long pid, long parentPid, long mountNs, long mountNsUniqueId, long netNs) {}
