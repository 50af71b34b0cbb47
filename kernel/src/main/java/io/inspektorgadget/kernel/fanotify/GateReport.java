// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct report} of {@code gate-protocol.h}. Immutable.
 *
 * @param kind one of the constants
 * @param number the event's or the order's
 * @param errno 0 or an error number
 * @param file what it is about
 * @param late how many events the gate has allowed itself so far
 * @param thread whom it is about
 */
record GateReport(int kind, int number, int errno, FileKey file, long late, HeldThread thread) {
  static final int SIZE_BYTES = 72;
  static final int READY = 1;
  static final int EXEC = 2;
  static final int OPEN = 3;
  static final int DONE = 4;
  static final int CHANGED = 5;
  static final int PONG = 6;

  /** Reads one. */
  static GateReport parse(byte[] bytes) {
    ByteBuffer report = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int kind = report.getInt();
    int number = report.getInt();
    int thread = report.getInt();
    int errno = report.getInt();
    FileKey file = new FileKey(report.getLong(), report.getLong());
    long late = report.getLong();
    HeldThread held =
        new HeldThread(
            thread,
            report.getInt(),
            report.getInt(),
            report.getLong(),
            report.getLong(),
            report.getLong());
    return new GateReport(kind, number, errno, file, late, held);
  }
}
