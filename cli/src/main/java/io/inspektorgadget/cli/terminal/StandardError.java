// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import io.inspektorgadget.columns.MessageSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard error: one line for each message, written at once. Safe for concurrent use. */
public final class StandardError implements MessageSink {
  private final OutputStream err;

  /** Messages into a stream. */
  public StandardError(OutputStream err) {
    this.err = err;
  }

  /** Standard error of this process. */
  public static StandardError ofProcess() {
    return new StandardError(new FileOutputStream(FileDescriptor.err));
  }

  @Override
  public void warning(String line) {
    line("Warning: " + line);
  }

  @Override
  public void loss(String line) {
    line(line);
  }

  /** Writes one line. */
  @SuppressWarnings("EmptyCatch") // The last place for a message: there is nobody left to tell.
  public synchronized void line(String text) {
    try {
      err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException standardErrorIsClosed) {
      // A run must not end because nobody wants its messages.
    }
  }
}
