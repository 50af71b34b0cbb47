// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What libbpf printed while a load failed, and what of it matters: which program, which line of its
 * source, why.
 */
record VerifierLog(String text, String program, String summary, boolean isVerifier) {
  private static final Pattern BEGIN = Pattern.compile("prog '([^']*)': -- BEGIN PROG LOAD LOG --");
  private static final String END = "-- END PROG LOAD LOG --";

  /** The verifier's statistics and the state of registers: never the cause. */
  private static final Pattern NOISE =
      Pattern.compile(
          "processed \\d+ insns.*|verification time.*|stack depth.*|[Ff]rom \\d+ to \\d+.*"
              + "|func#\\d+.*|arg#\\d+ reference type.*|\\d+: R\\d.*|R\\d+=.*|\\d+: *;.*|last_idx.*"
              + "|regs=.*|parent .*|mark_precise.*|Validating .*"
              + "|.*-- (BEGIN|END) PROG LOAD LOG --");

  private static final Pattern INSTRUCTION = Pattern.compile("\\d+: \\([0-9a-f]{2}\\) .*");
  private static final Pattern CORE_FAILURE =
      Pattern.compile(
          "failed to resolve CO-RE relocation <(\\w+)> \\[\\d+\\] (?:struct|union) ([\\w.]+)");
  private static final Pattern SOURCE_PLACE = Pattern.compile("(.*) @ ([^@]+):(\\d+)");
  private static final String MESSAGE_PREFIX = "libbpf: ";

  /** Reads what libbpf printed. */
  static VerifierLog of(String text) {
    Matcher begin = BEGIN.matcher(text);
    if (!begin.find()) {
      return new VerifierLog(text, "", lastMessage(text), false);
    }
    int end = text.indexOf(END, begin.end());
    String log = text.substring(begin.end(), end < 0 ? text.length() : end);
    return new VerifierLog(text, begin.group(1), summaryOf(log.lines().toList()), true);
  }

  private static String summaryOf(List<String> lines) {
    int causeIndex = lines.size() - 1;
    while (causeIndex >= 0 && isNoise(lines.get(causeIndex))) {
      causeIndex--;
    }
    if (causeIndex < 0) {
      return "the verifier gives no reason";
    }
    String cause = lines.get(causeIndex).strip();
    for (String line : lines) {
      Matcher core = CORE_FAILURE.matcher(line);
      if (core.find()) {
        return coreFailure(line.substring(core.start()));
      }
    }
    for (int index = causeIndex; index >= 0; index--) {
      if (lines.get(index).startsWith(";")) {
        return sourceLine(lines.get(index).substring(1).strip()) + ": " + cause;
      }
    }
    return cause;
  }

  private static boolean isNoise(String line) {
    String stripped = line.strip();
    return stripped.isEmpty()
        || stripped.startsWith(";")
        || NOISE.matcher(stripped).matches()
        || INSTRUCTION.matcher(stripped).matches();
  }

  /** Newer kernels add file and line to the source text. */
  private static String sourceLine(String comment) {
    Matcher place = SOURCE_PLACE.matcher(comment);
    if (!place.matches()) {
      return "at `" + comment + "`";
    }
    return "%s line %s, `%s`".formatted(place.group(2), place.group(3), place.group(1).strip());
  }

  /**
   * {@code failed to resolve CO-RE relocation <byte_off> [5] struct task_struct.pid (0:3 @ offset
   * 8)} in the words of a user.
   */
  private static String coreFailure(String message) {
    int bracket = message.indexOf("] ");
    int parenthesis = message.indexOf(" (", bracket);
    String path =
        message.substring(bracket + 2, parenthesis < 0 ? message.length() : parenthesis).strip();
    return "this kernel has no " + path + ", which the program reads without a fallback";
  }

  private static String lastMessage(String text) {
    List<String> messages =
        text.lines()
            .filter(line -> line.startsWith(MESSAGE_PREFIX))
            .map(line -> line.substring(MESSAGE_PREFIX.length()).strip())
            .filter(line -> !line.startsWith("failed to load object"))
            .toList();
    return messages.isEmpty() ? "" : "libbpf says: " + String.join("; ", messages);
  }
}
