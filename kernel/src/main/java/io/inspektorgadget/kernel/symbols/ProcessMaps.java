// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.symbols;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process has mapped where, as {@code /proc/PID/maps} shows it. Immutable; a picture of the
 * moment it was read.
 */
public final class ProcessMaps {
  private final List<Mapping> mappings;

  private ProcessMaps(List<Mapping> mappings) {
    this.mappings = List.copyOf(mappings);
  }

  /**
   * A mapping.
   *
   * @param start first address
   * @param end address behind the last
   * @param executable true if code may run there
   * @param offset where the mapping begins in its file
   * @param deviceMajor major number of the file's device
   * @param deviceMinor minor number of the file's device
   * @param inode the file's inode; 0 without a file
   * @param path the file's path as the process sees it, with {@code (deleted)} behind it if it is
   *     gone; empty without a file, {@code [vdso]} and the like for the kernel's own
   */
  public record Mapping(
      long start,
      long end,
      boolean executable,
      long offset,
      int deviceMajor,
      int deviceMinor,
      long inode,
      String path) {

    /** The place in the file that an address of this mapping shows. */
    public long fileOffset(long address) {
      return address - start + offset;
    }

    boolean holds(long address) {
      return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
    }
  }

  /**
   * Reads the mappings of a process.
   *
   * @param path the process's {@code maps} file
   * @throws IOException if the process is gone or may not be looked at
   */
  public static ProcessMaps read(Path path) throws IOException {
    // Paths in it may be any bytes; Latin-1 keeps them countable and never fails.
    return parse(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
  }

  /** Reads the text of a {@code maps} file; lines that are no mappings are passed over. */
  static ProcessMaps parse(String text) {
    List<Mapping> mappings = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      Mapping mapping = parseLine(line);
      if (mapping != null) {
        mappings.add(mapping);
      }
    }
    return new ProcessMaps(mappings);
  }

  private static @Nullable Mapping parseLine(String line) {
    String[] words = line.split(" +", 6);
    if (words.length < 5) {
      return null;
    }
    int dash = words[0].indexOf('-');
    int colon = words[3].indexOf(':');
    if (dash < 0 || colon < 0) {
      return null;
    }
    try {
      return new Mapping(
          Long.parseUnsignedLong(words[0].substring(0, dash), 16),
          Long.parseUnsignedLong(words[0].substring(dash + 1), 16),
          words[1].indexOf('x') >= 0,
          Long.parseUnsignedLong(words[2], 16),
          Integer.parseInt(words[3].substring(0, colon), 16),
          Integer.parseInt(words[3].substring(colon + 1), 16),
          Long.parseUnsignedLong(words[4]),
          words.length == 6 ? utf8(words[5]) : "");
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** All mappings in ascending order; unmodifiable. */
  public List<Mapping> mappings() {
    return mappings;
  }

  /** The mapping that holds an address, or null. */
  public @Nullable Mapping find(long address) {
    for (Mapping mapping : mappings) {
      if (mapping.holds(address)) {
        return mapping;
      }
    }
    return null;
  }
}
