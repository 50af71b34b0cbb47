// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.columns.MessageSink;
import java.io.IOException;

/** Where a printer of Columns prints: events to standard output, the rest to standard error. */
final class StandardStreams implements ByteSink, MessageSink {
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    System.out.write(bytes, offset, length);
    // PrintStream keeps errors to itself; a closed pipe must end the run.
    if (System.out.checkError()) {
      throw new IOException("writing to standard output: it is closed");
    }
  }

  @Override
  public void flush() {
    System.out.flush();
  }

  @Override
  public void warning(String line) {
    System.err.println(line);
  }

  @Override
  public void loss(String line) {
    System.err.println(line);
  }
}
