// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import java.io.IOException;

/**
 * Where the printed bytes go, such as standard output. Single thread: the run's event loop. The
 * owner closes it.
 */
public interface ByteSink {

  /**
   * Takes a range of bytes; the array is reused by the caller afterwards.
   *
   * @throws IOException if they could not be written (a closed pipe, a full disk)
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /**
   * Sends what was taken so far on its way.
   *
   * @throws IOException if it could not be written
   */
  void flush() throws IOException;
}
