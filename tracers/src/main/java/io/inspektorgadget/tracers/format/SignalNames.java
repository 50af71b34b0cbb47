// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The names of Linux's signals on amd64 and arm64 (include/uapi/asm-generic/signal.h). */
public final class SignalNames {
  private static final String[] SIGNALS = {
    "",
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS"
  };
  private static final int FIRST_REALTIME_SIGNAL = 34;
  private static final int LAST_REALTIME_SIGNAL = 64;

  private SignalNames() {}

  /** Signals, those for real-time use by their distance from SIGRTMIN. */
  static Map<Long, String> byNumber() {
    Map<Long, String> names = new HashMap<>();
    for (int signal = 1; signal < SIGNALS.length; signal++) {
      names.put((long) signal, SIGNALS[signal]);
    }
    for (int signal = FIRST_REALTIME_SIGNAL; signal <= LAST_REALTIME_SIGNAL; signal++) {
      int distance = signal - FIRST_REALTIME_SIGNAL;
      names.put((long) signal, distance == 0 ? "SIGRTMIN" : "SIGRTMIN+" + distance);
    }
    return names;
  }

  /** The number of a signal's name, such as {@code SIGTERM} or {@code SIGRTMIN+2}. */
  public static OptionalLong number(String name) {
    for (Map.Entry<Long, String> signal : byNumber().entrySet()) {
      if (signal.getValue().equals(name)) {
        return OptionalLong.of(signal.getKey());
      }
    }
    return OptionalLong.empty();
  }
}
