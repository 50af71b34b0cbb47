// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import io.inspektorgadget.model.gadget.GadgetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Files that were made on this machine and can be made again, by what they were made from. A file
 * appears whole or not at all, so several processes may share the folder.
 */
final class HashedCache {
  private final Path root;

  HashedCache(Path root) {
    this.root = root;
  }

  /** The user's: {@code $XDG_CACHE_HOME/inspektor-gadget}, else {@code ~/.cache/…}. */
  static HashedCache ofUser(Map<String, String> environment) {
    String cacheHome = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        cacheHome.startsWith("/")
            ? Path.of(cacheHome)
            : Path.of(environment.getOrDefault("HOME", "/root"), ".cache");
    return new HashedCache(base.resolve("inspektor-gadget"));
  }

  /** Makes the content of a file or folder at a path that does not exist yet. */
  interface Maker {
    void make(Path target) throws IOException;
  }

  /**
   * The file or folder of that name, made if it is not there.
   *
   * @param name relative path that contains the hash of all it is made from
   * @throws GadgetException if the folder cannot be written
   */
  Path path(String name, Maker maker) {
    Path wanted = root.resolve(name);
    if (Files.exists(wanted)) {
      return wanted;
    }
    try {
      Path parent = wanted.getParent() == null ? root : wanted.getParent();
      Files.createDirectories(parent);
      Path scratch = Files.createTempDirectory(parent, ".new");
      Path made = scratch.resolve("content");
      try {
        maker.make(made);
        put(made, wanted);
      } finally {
        removeTree(scratch);
      }
      return wanted;
    } catch (IOException e) {
      throw new GadgetException(
          "writing to the cache " + root + ": " + e + "; set XDG_CACHE_HOME to another folder", e);
    }
  }

  private static void put(Path made, Path wanted) throws IOException {
    try {
      Files.move(made, wanted, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Somebody else was first with the same content: theirs is as good.
      if (!Files.exists(wanted)) {
        throw e;
      }
    }
  }

  private static void removeTree(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The hash of bytes, in hexadecimal. */
  static String hash(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
