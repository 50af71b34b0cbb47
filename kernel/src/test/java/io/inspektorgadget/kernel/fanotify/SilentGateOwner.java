// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Libc;
import java.nio.file.Path;

/** A program that holds the execution of a binary and answers nothing; for tests that end it. */
final class SilentGateOwner {
  private SilentGateOwner() {}

  /**
   * Marks the binary of the first argument, says so, and waits to be ended; with a second argument
   * it uses up all descriptors that it can have first.
   */
  @SuppressWarnings("SystemOut") // it talks to the test that has started it
  public static void main(String[] arguments) throws Exception {
    RecordingGateListener listener = new RecordingGateListener();
    try (FanotifyGate gate = FanotifyGate.open(listener)) {
      gate.markExec(Path.of(arguments[0]));
      gate.flush();
      if (arguments.length > 1) {
        useUpDescriptors();
      }
      String first = listener.nextNews();
      System.out.println(first.equals("opened") ? first + ", " + listener.nextNews() : first);
      Thread.currentThread().join();
    }
  }

  private static void useUpDescriptors() {
    int last = 0;
    while (last >= 0) {
      last = Libc.openAt(Libc.AT_FDCWD, "/dev/null", Libc.O_RDONLY);
    }
    if (last != -Errno.EMFILE) {
      throw new IllegalStateException("using up descriptors: " + Errno.name(last));
    }
  }
}
