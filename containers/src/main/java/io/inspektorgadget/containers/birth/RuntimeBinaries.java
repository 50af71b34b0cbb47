// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The binaries of OCI runtimes that are installed on the host. Immutable. */
final class RuntimeBinaries {
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin");
  private static final List<String> NAMES = List.of("runc", "crun", "youki");

  private final HostFilesystem host;
  private final List<String> paths;

  /**
   * The binaries of this host.
   *
   * @param furtherPaths paths beside the usual ones, absolute
   */
  RuntimeBinaries(HostFilesystem host, List<String> furtherPaths) {
    this.host = host;
    List<String> candidates = new ArrayList<>();
    for (String folder : FOLDERS) {
      for (String name : NAMES) {
        candidates.add(folder + "/" + name);
      }
    }
    candidates.addAll(furtherPaths);
    this.paths = List.copyOf(candidates);
  }

  /**
   * A file as the kernel numbers it.
   *
   * @param inode its inode number
   * @param device its device, major number in the upper 12 bits, minor in the lower 20
   */
  record Binary(long inode, int device) {
    // Written out, because the compiler's own are put together at run time, when a start waits.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Binary binary && inode == binary.inode && device == binary.device;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(inode) * 31 + device;
    }
  }

  /** Those that are there now, in no order. */
  Set<Binary> installed() {
    Set<Binary> installed = new LinkedHashSet<>();
    for (String path : paths) {
      Path file = host.resolve(path);
      if (Files.isRegularFile(file)) {
        try {
          if (Files.getAttribute(file, "unix:ino") instanceof Long inode
              && Files.getAttribute(file, "unix:dev") instanceof Long device) {
            installed.add(new Binary(inode, kernelDevice(device)));
          }
        } catch (IOException e) {
          // Removed since we looked, as when a package is upgraded: the next look finds the new
          // one.
        }
      }
    }
    return installed;
  }

  /** The kernel's own encoding of a device number that stat(2) gave. */
  static int kernelDevice(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    return (int) (major << 20 | (minor & 0xfffff));
  }
}
