// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import io.inspektorgadget.kernel.io.Libc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * The command line of a program that a thread is held at executing. It is no program's command line
 * yet, so {@code /proc/TID/cmdline} shows the old one: it is read where the system call's arguments
 * point to.
 */
public final class HeldCommand {
  private static final int EXECVE_AMD64 = 59;
  private static final int EXECVEAT_AMD64 = 322;
  private static final int EXECVE_ARM64 = 221;
  private static final int EXECVEAT_ARM64 = 281;

  /** execveat(2) has a directory before the path, and the words are behind that. */
  private static final int EXECVE_WORDS = 2;

  private static final int EXECVEAT_WORDS = 3;
  private static final int WORDS_MAX = 256;
  private static final int WORD_BYTES_MAX = 4096;
  private static final int CALL_BYTES_MAX = 256;
  private static final int TRIES = 400;
  private static final long PAUSE_NS = 25_000;
  private static final String RUNNING = "running";

  private HeldCommand() {}

  /**
   * Reads it.
   *
   * @param proc the host's /proc
   * @return the words; none if the thread is held at nothing that we can read, or let go meanwhile
   */
  public static List<String> words(Path proc, long threadId) {
    long words = wordsAddress(systemCall(proc + "/" + threadId + "/syscall"));
    if (words == 0) {
      return List.of();
    }
    try (ProcessMemory memory = ProcessMemory.of(threadId)) {
      return read(memory, words);
    } catch (IOException e) {
      // Killed while it was held, or let go: nobody can say any more what it was asked to do.
      return List.of();
    }
  }

  /** The event is told a moment before its thread sleeps, and only of sleepers the call is told. */
  private static String systemCall(String file) {
    String call = Libc.readText(Libc.AT_FDCWD, file, CALL_BYTES_MAX);
    for (int i = 0; i < TRIES && call != null && call.startsWith(RUNNING); i++) {
      LockSupport.parkNanos(PAUSE_NS);
      call = Libc.readText(Libc.AT_FDCWD, file, CALL_BYTES_MAX);
    }
    return Objects.requireNonNullElse(call, "");
  }

  /** Where the words' addresses are, 0 if the call executes nothing. */
  static long wordsAddress(String call) {
    String[] parts = call.strip().split(" ", -1);
    if (parts.length <= EXECVEAT_WORDS || !parts[0].chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    return switch (Integer.parseInt(parts[0])) {
      case EXECVE_AMD64, EXECVE_ARM64 -> Long.decode(parts[EXECVE_WORDS]);
      case EXECVEAT_AMD64, EXECVEAT_ARM64 -> Long.decode(parts[EXECVEAT_WORDS]);
      default -> 0;
    };
  }

  private static List<String> read(ProcessMemory memory, long wordsAddress) throws IOException {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS_MAX; i++) {
      long address = memory.number(wordsAddress + (long) i * Long.BYTES);
      if (address == 0) {
        return words;
      }
      words.add(memory.text(address, WORD_BYTES_MAX));
    }
    // More words than any runtime is given: half a command line could name the wrong container.
    return List.of();
  }
}
