// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes {@code struct order} of {@code gate-protocol.h}. Thread-safe; orders are obeyed in the
 * order in which they were written. Once the gate has ended they go nowhere.
 */
final class GateOrders {
  /** enum order_kind. */
  enum Kind {
    ALLOW(1),
    MARK_EXEC(2),
    MARK_OPEN(3),
    UNMARK_OPEN(4),
    UNMARK_HELD(5),
    WATCH_FOLDER(6),
    PING(7),
    FOLLOW(8),
    UNMARK_EXEC(9);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private static final int HEADER_BYTES = 16;
  private static final int PATH_BYTES_MAX = 4096;
  private static final int WAITING_BYTES_MAX = 4 * (HEADER_BYTES + PATH_BYTES_MAX);

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;
  private final ByteBuffer waiting =
      ByteBuffer.allocate(WAITING_BYTES_MAX).order(ByteOrder.nativeOrder());

  /** Orders to the program that reads this stream. */
  GateOrders(OutputStream out) {
    this.out = out;
  }

  /** Writes an order about a number, after those that wait. */
  void send(Kind kind, int number) {
    later(kind, number, "");
    flush();
  }

  /**
   * Keeps an order until the next is sent: each time that the gate is woken costs the thread that
   * is held.
   *
   * @param path what it is about, or empty
   * @return false if the path is too long for any file
   */
  boolean later(Kind kind, int number, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > PATH_BYTES_MAX) {
      return false;
    }
    lock.lock();
    try {
      if (waiting.remaining() < HEADER_BYTES + bytes.length) {
        write();
      }
      put(kind, number, bytes);
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Writes the orders that wait. */
  void flush() {
    lock.lock();
    try {
      write();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes an order unless another thread is writing one, perhaps to a gate that is stopped.
   *
   * @return whether it was written
   */
  boolean sendUnlessBusy(Kind kind, int number) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (waiting.remaining() < HEADER_BYTES) {
        write();
      }
      put(kind, number, new byte[0]);
      write();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes no more; the gate ends when it has obeyed what was written.
   *
   * @return false if another thread was still writing after this time
   */
  boolean end(long limitMs) throws InterruptedException {
    if (!lock.tryLock(limitMs, TimeUnit.MILLISECONDS)) {
      return false;
    }
    try {
      out.close();
      return true;
    } catch (IOException e) {
      // The gate has ended before: nothing is left to close.
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void put(Kind kind, int number, byte[] path) {
    waiting.putInt(kind.number).putInt(number).putInt(path.length).putInt(0).put(path);
  }

  private void write() {
    try {
      out.write(waiting.array(), 0, waiting.position());
      out.flush();
    } catch (IOException e) {
      // The gate has ended, and with it everything that it held: nobody waits for these orders. Its
      // end is told to the listener by the reading thread.
      return;
    } finally {
      waiting.clear();
    }
  }
}
