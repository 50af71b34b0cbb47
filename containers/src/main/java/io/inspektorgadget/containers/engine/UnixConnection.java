// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A connection to a Unix socket on which nothing waits longer than it may: an engine that hangs
 * must not keep us. Single thread; closed by whoever opened it.
 */
final class UnixConnection implements AutoCloseable {
  private static final int INPUT_SIZE_BYTES = 16 << 10;
  private static final long NS_PER_MS = 1_000_000;

  private final Path socket;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocate(INPUT_SIZE_BYTES).flip();
  private long deadlineNs;

  private UnixConnection(Path socket, SocketChannel channel, Selector selector) {
    this.socket = socket;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @param limitMs how long this and everything up to the next {@link #limit} may take
   * @throws ConnectException if nobody listens there
   * @throws IOException if it cannot be tried
   */
  static UnixConnection open(Path socket, long limitMs) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      return open(socket, channel, Selector.open(), limitMs);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static UnixConnection open(
      Path socket, SocketChannel channel, Selector selector, long limitMs) throws IOException {
    UnixConnection connection = new UnixConnection(socket, channel, selector);
    connection.limit(limitMs);
    try {
      connection.connect(UnixDomainSocketAddress.of(socket));
      return connection;
    } catch (InterruptedIOException e) {
      selector.close();
      throw e;
    } catch (IOException e) {
      selector.close();
      ConnectException refused =
          new ConnectException("connecting to " + socket + ": " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  private void connect(UnixDomainSocketAddress address) throws IOException {
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    if (!channel.connect(address)) {
      do {
        await(key, SelectionKey.OP_CONNECT);
      } while (!channel.finishConnect());
    }
  }

  /** Everything from now on must be over within this time. */
  void limit(long limitMs) {
    deadlineNs = System.nanoTime() + limitMs * NS_PER_MS;
  }

  private void await(SelectionKey key, int operation) throws IOException {
    key.interestOps(operation);
    long restMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
    int ready = restMs <= 0 ? 0 : selector.select(restMs);
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("talking to " + socket + ": no longer needed");
    }
    selector.selectedKeys().clear();
    if (ready == 0 && deadlineNs - System.nanoTime() <= 0) {
      throw new IOException("talking to " + socket + ": no answer in time");
    }
  }

  /** Sends all of these bytes. */
  void write(byte[] bytes) throws IOException {
    ByteBuffer output = ByteBuffer.wrap(bytes);
    do {
      if (told(() -> channel.write(output)) == 0) {
        await(channel.keyFor(selector), SelectionKey.OP_WRITE);
      }
    } while (output.hasRemaining());
  }

  /** The next byte, negative at the end of the connection. */
  int read() throws IOException {
    return fill() ? input.get() & 0xff : -1;
  }

  /**
   * The next bytes.
   *
   * @throws EOFException if the connection ends before
   */
  byte[] read(int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      if (!fill()) {
        throw new EOFException("talking to " + socket + ": it ended in the middle of an answer");
      }
      int part = Math.min(count - done, input.remaining());
      input.get(bytes, done, part);
      done += part;
    }
    return bytes;
  }

  /** False at the end of the connection; otherwise there is a byte to take. */
  private boolean fill() throws IOException {
    while (!input.hasRemaining()) {
      input.clear();
      int count = told(() -> channel.read(input));
      input.flip();
      if (count < 0) {
        return false;
      }
      if (count == 0) {
        await(channel.keyFor(selector), SelectionKey.OP_READ);
      }
    }
    return true;
  }

  /** Reads or writes, and says with whom if that does not work. */
  private interface Transfer {
    int go() throws IOException;
  }

  private int told(Transfer transfer) throws IOException {
    try {
      return transfer.go();
    } catch (IOException e) {
      throw new IOException("talking to " + socket + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
