// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

/**
 * The inode number of a process's namespace, or why it could not be read.
 *
 * @param inode 0 if unknown
 * @param whyUnknown empty if known; {@code EACCES}, or that the process is gone
 */
public record NamespaceId(long inode, String whyUnknown) {
  static NamespaceId known(long inode) {
    return new NamespaceId(inode, "");
  }

  static NamespaceId unknown(String why) {
    return new NamespaceId(0, why);
  }

  /** True if the number could be read. */
  public boolean isKnown() {
    return inode != 0;
  }
}
