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
public final class RuntimeBinaries {
  /** The folders where distributions and engines install runtimes. */
  public static final List<String> USUAL_FOLDERS =
      List.of(
          "/usr/bin",
          "/usr/sbin",
          "/usr/local/bin",
          "/usr/local/sbin",
          "/usr/libexec/crio",
          "/var/lib/rancher/k3s/data/current/bin");

  private static final List<String> NAMES = List.of("runc", "crun", "youki");

  private final HostFilesystem host;
  private final List<String> folders;
  private final List<String> furtherPaths;

  /**
   * The binaries of this host.
   *
   * @param folders where binaries of the usual names are looked for, absolute
   * @param furtherPaths binaries beside those, absolute
   */
  public RuntimeBinaries(HostFilesystem host, List<String> folders, List<String> furtherPaths) {
    this.host = host;
    this.folders = List.copyOf(folders);
    this.furtherPaths = List.copyOf(furtherPaths);
  }

  /** These, and those at the places where the engines that run now find theirs. */
  public RuntimeBinaries withThoseOfEngines() {
    EngineRuntimes engines = new EngineRuntimes(host);
    engines.look();
    return with(engines.folders(), engines.paths());
  }

  /** These, and those of the usual names in further folders, and further binaries. */
  RuntimeBinaries with(Set<String> moreFolders, Set<String> morePaths) {
    Set<String> allFolders = new LinkedHashSet<>(folders);
    allFolders.addAll(moreFolders);
    Set<String> allPaths = new LinkedHashSet<>(furtherPaths);
    allPaths.addAll(morePaths);
    return new RuntimeBinaries(host, List.copyOf(allFolders), List.copyOf(allPaths));
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

  /** The paths of those that are there now, as this process finds them; one file may have two. */
  public List<Path> files() {
    List<String> candidates = new ArrayList<>();
    for (String folder : folders) {
      for (String name : NAMES) {
        candidates.add(folder + "/" + name);
      }
    }
    candidates.addAll(furtherPaths);
    return candidates.stream().map(host::resolve).filter(Files::isRegularFile).toList();
  }

  /** The folders in which one may appear, as this process finds them. */
  List<Path> watchedFolders() {
    Set<Path> watched = new LinkedHashSet<>();
    folders.forEach(folder -> watched.add(host.resolve(folder)));
    for (String path : furtherPaths) {
      Path parent = host.resolve(path).getParent();
      if (parent != null) {
        watched.add(parent);
      }
    }
    return watched.stream().filter(Files::isDirectory).toList();
  }

  /** Those that are there now, in no order. */
  Set<Binary> installed() {
    Set<Binary> installed = new LinkedHashSet<>();
    for (Path file : files()) {
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
    return installed;
  }

  /** The kernel's own encoding of a device number that stat(2) gave. */
  static int kernelDevice(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    return (int) (major << 20 | (minor & 0xfffff));
  }
}
