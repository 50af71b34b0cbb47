// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.inspektorgadget.containers.birth.Birth.Cause;
import io.inspektorgadget.containers.birth.Birth.Command;
import io.inspektorgadget.containers.birth.Birth.FirstProcess;
import io.inspektorgadget.containers.birth.Birth.Groups;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads {@code struct birth} of {@code births.h}, in the byte order of the machine. */
final class BirthRecord {
  static final int UNIQUE = 0;
  static final int OWNER = 8;
  static final int CGROUP = 16;
  static final int PIDS_CGROUP = 24;
  static final int TIME = 32;
  static final int MNTNS = 40;
  static final int NETNS = 44;
  static final int PID = 48;
  static final int NS_PID = 52;
  static final int RUNTIME_PID = 60;
  static final int KIND = 64;
  static final int ARGS_LENGTH = 68;
  static final int ARGS_TRUNCATED = 72;
  static final int CWD_LENGTH = 76;
  static final int COMM = 80;
  static final int NODENAME = 96;
  static final int CGROUP_LEAF = 161;
  static final int PIDS_CGROUP_LEAF = 289;
  static final int CWD = 417;
  static final int ARGS = 1185;

  private static final int KIND_BY_RUNTIME = 1;
  private static final int KIND_INHERITED = 3;

  private final MemorySegment memory;
  private final long start;

  private BirthRecord(MemorySegment memory, long start) {
    this.memory = memory;
    this.start = start;
  }

  /**
   * Reads one record.
   *
   * @param memory holds the record from the offset on
   * @throws IllegalArgumentException if it is shorter than the program makes them
   */
  static Birth read(MemorySegment memory, long offset, int lengthBytes) {
    if (lengthBytes < ARGS) {
      throw new IllegalArgumentException(
          "reading a birth record of " + lengthBytes + " bytes: shorter than " + ARGS);
    }
    return new BirthRecord(memory, offset).birth(lengthBytes);
  }

  private Birth birth(int lengthBytes) {
    int argsLength = Math.clamp(number(ARGS_LENGTH), 0, lengthBytes - ARGS);
    int cwdLength = Math.clamp(number(CWD_LENGTH), 0, ARGS - CWD);
    Command command =
        argsLength == 0
            ? Command.NONE
            : new Command(
                number(RUNTIME_PID),
                words(ARGS, argsLength),
                number(ARGS_TRUNCATED) != 0,
                workingDirectory(words(CWD, cwdLength)));
    return new Birth(
        cause(number(KIND)),
        new MountNs(Integer.toUnsignedLong(number(MNTNS)), unique(UNIQUE)),
        unique(OWNER),
        new FirstProcess(number(PID), number(NS_PID), text(COMM, NODENAME)),
        Integer.toUnsignedLong(number(NETNS)),
        new Groups(
            unique(CGROUP),
            leaf(text(CGROUP_LEAF, PIDS_CGROUP_LEAF)),
            unique(PIDS_CGROUP),
            leaf(text(PIDS_CGROUP_LEAF, CWD))),
        text(NODENAME, CGROUP_LEAF),
        command,
        unique(TIME),
        null);
  }

  private static Cause cause(int kind) {
    return switch (kind) {
      case KIND_BY_RUNTIME -> Cause.BY_RUNTIME;
      case KIND_INHERITED -> Cause.INHERITED;
      default -> Cause.UNEXPLAINED;
    };
  }

  /** The kernel's name for the root of a hierarchy is a slash. */
  private static String leaf(String name) {
    return name.equals("/") ? "" : name;
  }

  /** The kernel walks upwards. */
  private static String workingDirectory(List<String> upwards) {
    if (upwards.isEmpty()) {
      return "";
    }
    List<String> downwards = new ArrayList<>(upwards);
    Collections.reverse(downwards);
    return "/" + String.join("/", downwards);
  }

  private int number(int at) {
    return memory.get(JAVA_INT_UNALIGNED, start + at);
  }

  private long unique(int at) {
    return memory.get(JAVA_LONG_UNALIGNED, start + at);
  }

  private String text(int from, int to) {
    int length = 0;
    while (from + length < to && memory.get(JAVA_BYTE, start + from + length) != 0) {
      length++;
    }
    return utf8(from, length);
  }

  private String utf8(int from, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, JAVA_BYTE, start + from, bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<String> words(int from, int length) {
    List<String> words = new ArrayList<>();
    int wordStart = 0;
    for (int i = 0; i < length; i++) {
      if (memory.get(JAVA_BYTE, start + from + i) == 0) {
        words.add(utf8(from + wordStart, i - wordStart));
        wordStart = i + 1;
      }
    }
    if (wordStart < length) {
      words.add(utf8(from + wordStart, length - wordStart));
    }
    return words;
  }
}
