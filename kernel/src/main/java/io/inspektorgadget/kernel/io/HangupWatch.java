// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/**
 * Notices when whoever reads a pipe, socket or terminal has gone, without writing to it. Has a
 * thread of its own, which blocks until then; closing ends and joins it.
 */
public final class HangupWatch implements AutoCloseable {
  private static final int HUNG_UP = 1;
  private static final int CLOSED = 2;

  private final Epoll epoll;
  private final EventFd end;
  private final Thread thread;

  private HangupWatch(Epoll epoll, EventFd end, Runnable whenGone) {
    this.epoll = epoll;
    this.end = end;
    this.thread = new Thread(() -> watch(whenGone), "hangup-watch");
    thread.setDaemon(true);
  }

  /**
   * Starts to watch. A descriptor that cannot hang up, such as a file, is never reported.
   *
   * @param descriptor the side that is written to; stays the caller's, who closes it after the
   *     watch
   * @param whenGone called once by the watch's thread, also if the reader has gone before; it must
   *     not close the watch
   * @throws SystemCallException EMFILE where the process has too many open files
   */
  public static HangupWatch of(int descriptor, Runnable whenGone) {
    Epoll epoll = Epoll.open();
    try {
      EventFd end = EventFd.open();
      try {
        epoll.add(end.fd(), CLOSED);
        HangupWatch watch = new HangupWatch(epoll, end, whenGone);
        if (epoll.addForHangup(descriptor, HUNG_UP)) {
          watch.thread.start();
        }
        return watch;
      } catch (RuntimeException e) {
        end.close();
        throw e;
      }
    } catch (RuntimeException e) {
      epoll.close();
      throw e;
    }
  }

  private void watch(Runnable whenGone) {
    int[] tokens = new int[1];
    int count = 0;
    while (count == 0) {
      count = epoll.await(tokens, -1);
    }
    if (tokens[0] == HUNG_UP) {
      whenGone.run();
    }
  }

  @Override
  public void close() {
    end.signal();
    ThreadEnd.await(thread);
    epoll.close();
    end.close();
  }
}
