// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What /proc/PID/status says.
 *
 * @param name the command's name, as the kernel escapes it there
 * @param tgid number of the thread group
 * @param parentPid number of the parent, 0 if it has none here
 * @param uid effective user
 * @param gid effective group
 * @param threads how many threads it has
 * @param pidsInNamespaces its number in each PID namespace, the outermost first
 */
public record ProcessStatus(
    String name,
    long tgid,
    long parentPid,
    long uid,
    long gid,
    int threads,
    List<Long> pidsInNamespaces) {

  static ProcessStatus parse(List<String> lines) {
    return new ProcessStatus(
        field(lines, "Name"),
        number(field(lines, "Tgid")),
        number(field(lines, "PPid")),
        number(word(field(lines, "Uid"), 1)),
        number(word(field(lines, "Gid"), 1)),
        (int) number(field(lines, "Threads")),
        field(lines, "NSpid").lines().flatMap(ProcessStatus::words).map(Long::valueOf).toList());
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.split("\\s+", -1));
  }

  private static String field(List<String> lines, String name) {
    for (String line : lines) {
      if (line.startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  private static String word(String text, int index) {
    String[] words = text.split("\\s+", -1);
    return index < words.length ? words[index] : "";
  }

  private static long number(String text) {
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
