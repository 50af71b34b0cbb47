// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;

/** The host's own mount namespace. */
final class HostNamespace {
  /**
   * Processes that live in it: the first one, whose namespaces even root may not read everywhere,
   * and the kernel's thread that starts its threads.
   */
  private static final String[] RESIDENTS = {"1", "2"};

  private HostNamespace() {}

  /** Its inode as a u64 in the machine's byte order; zero, which is no namespace, if unreadable. */
  static byte[] inodeBytes(HostFilesystem host) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .putLong(inode(host))
        .array();
  }

  /** Its inode; zero, which is no namespace, if unreadable. */
  static long inode(HostFilesystem host) {
    long inode = 0;
    for (int i = 0; i < RESIDENTS.length && inode == 0; i++) {
      inode = inode(host, RESIDENTS[i]);
    }
    return inode;
  }

  private static long inode(HostFilesystem host, String pid) {
    try {
      String link = Files.readSymbolicLink(host.proc().resolve(pid).resolve("ns/mnt")).toString();
      return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    } catch (IOException e) {
      // Without it the filter map decides alone: the same answers, one look-up more.
      return 0;
    }
  }
}
