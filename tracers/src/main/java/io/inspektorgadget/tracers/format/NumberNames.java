// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.io.Errno;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tables of names for the numbers of Linux. */
final class NumberNames {
  private static final int ERRNO_MAX = 133;
  private static final String SYSCALLS = "syscalls.txt";

  private NumberNames() {}

  /** Errors; 0 is no error and has an empty name. */
  static Map<Long, String> errors() {
    Map<Long, String> names = new HashMap<>();
    names.put(0L, "");
    for (int errno = 1; errno <= ERRNO_MAX; errno++) {
      String name = Errno.name(errno);
      // Numbers that Linux does not use keep their number.
      if (name.startsWith("E")) {
        names.put((long) errno, name);
      }
    }
    return names;
  }

  /**
   * System calls of the machine that this was built on, written by the build as {@code NUMBER
   * name}.
   */
  static Map<Long, String> systemCalls() {
    Map<Long, String> names = new HashMap<>();
    try (InputStream in = NumberNames.class.getResourceAsStream(SYSCALLS)) {
      if (in == null) {
        throw new IllegalStateException(
            "reading system call names: the build left out " + SYSCALLS);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        names.put(
            Long.parseLong(line.substring(0, space)),
            "SYS_" + line.substring(space + 1).toUpperCase(Locale.ROOT));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading system call names", e);
    }
    return names;
  }

  /**
   * A table from the text of a schema: {@code 1=ONE|2=TWO}, in its order.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static Map<Long, String> parse(String text) {
    Map<Long, String> names = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return names;
    }
    for (String entry : text.split("\\|", -1)) {
      int equals = entry.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "reading an enumeration: \"" + entry + "\" has no number");
      }
      names.put(Long.parseLong(entry.substring(0, equals)), entry.substring(equals + 1));
    }
    return names;
  }
}
