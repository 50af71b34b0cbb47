// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct report} of {@code fanotify-gate.c}. Immutable.
 *
 * @param kind one of the constants
 * @param number the event's or the order's
 * @param threadId whom it is about
 * @param errno 0 or an error number
 * @param file what it is about
 * @param late how many events the gate has allowed itself so far
 */
record GateReport(int kind, int number, int threadId, int errno, FileKey file, long late) {
  static final int SIZE_BYTES = 40;
  static final int READY = 1;
  static final int EXEC = 2;
  static final int OPEN = 3;
  static final int DONE = 4;
  static final int CHANGED = 5;
  static final int PONG = 6;

  /** Reads one. */
  static GateReport parse(byte[] bytes) {
    ByteBuffer report = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return new GateReport(
        report.getInt(),
        report.getInt(),
        report.getInt(),
        report.getInt(),
        new FileKey(report.getLong(), report.getLong()),
        report.getLong());
  }
}
