// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import java.util.Optional;

/**
 * One line of /proc/PID/mountinfo.
 *
 * @param id number of the mount
 * @param parentId number of the mount that it is mounted on
 * @param root which directory of the file system is mounted
 * @param path where it is mounted, as the process sees it
 * @param type name of the file system
 * @param source device or name that it was mounted from
 */
public record MountPoint(
    long id, long parentId, String root, String path, String type, String source) {

  /** Reads a line; empty if it is none. Between path and type stands a varying number of fields. */
  static Optional<MountPoint> parse(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] front = line.substring(0, separator).split(" ", -1);
    String[] back = line.substring(separator + 3).split(" ", -1);
    if (front.length < 6 || back.length < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new MountPoint(
            Long.parseLong(front[0]),
            Long.parseLong(front[1]),
            unescape(front[3]),
            unescape(front[4]),
            unescape(back[0]),
            unescape(back[1])));
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int index = 0; index < text.length(); index++) {
      char next = text.charAt(index);
      if (next == '\\' && index + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text, index + 1, index + 4, 8));
        index += 3;
      } else {
        plain.append(next);
      }
    }
    return plain.toString();
  }
}
