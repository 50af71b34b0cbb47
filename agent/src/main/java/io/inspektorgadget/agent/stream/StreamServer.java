// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The pod's Unix socket. One thread serves all clients and waits for none: a reader that takes
 * nothing loses lines, nobody else notices it. The owner closes it.
 */
public final class StreamServer implements AutoCloseable {
  /** Clients at the same time; a further one is told so. */
  static final int CLIENTS_MAX = 256;

  private static final long REQUEST_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long TICK_MS = 1_000;
  private static final long ACCEPT_PAUSE_MS = 100;
  private static final long NS_PER_MS = 1_000_000;

  /** How long readers may still take what ended runs have left, when the socket is closed. */
  private static final long FAREWELL_NS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Path path;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final SelectionKey accepting;
  private final StreamSource source;
  private final Consumer<String> log;
  private final Queue<Connection> news = new ConcurrentLinkedQueue<>();
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::serve, "streams");
  private volatile boolean isClosing;
  private long acceptAgainNs;

  private StreamServer(
      Path path, ServerSocketChannel listener, StreamSource source, Consumer<String> log)
      throws IOException {
    this.path = path;
    this.listener = listener;
    this.source = source;
    this.log = log;
    listener.configureBlocking(false);
    this.selector = Selector.open();
    this.accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * Opens the socket, for root only, and begins to serve. A socket that a process has left behind
   * is replaced.
   *
   * @param path where it is; 108 bytes at most
   * @param source what clients can ask for
   * @param log takes what the pod's owner should know; one line each
   * @throws UncheckedIOException if it cannot be opened, or another process serves it
   */
  public static StreamServer open(Path path, StreamSource source, Consumer<String> log) {
    try {
      removeStale(path);
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        listener.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        StreamServer server = new StreamServer(path, listener, source, log);
        source.whenLogged(server::announce);
        server.thread.start();
        return server;
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("opening the socket " + path + ": " + e.getMessage(), e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobodyListens) {
      Files.delete(path);
      return;
    }
    throw new IOException("another process serves it; end that one or choose another path");
  }

  private void serve() {
    try {
      while (!isClosing) {
        turn();
      }
      farewell();
    } catch (IOException | RuntimeException e) {
      log.accept("serving " + path + ": " + e + " (no stream can be read from now on)");
    } finally {
      closeAll();
    }
  }

  private void turn() throws IOException {
    selector.select(timeoutMs());
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.attachment() == null) {
        accept();
      } else {
        serve(key);
      }
    }
    selector.selectedKeys().clear();
    String id;
    while ((id = logged.poll()) != null) {
      tellWaiting(id);
    }
    writeNews();
    endWaits();
    if (accepting.interestOps() == 0 && System.nanoTime() - acceptAgainNs >= 0) {
      accepting.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  private long timeoutMs() {
    if (accepting.interestOps() == 0) {
      return ACCEPT_PAUSE_MS;
    }
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof Connection connection && connection.isTimed()) {
        return TICK_MS;
      }
    }
    return 0;
  }

  private void accept() {
    try {
      SocketChannel channel = listener.accept();
      if (channel == null) {
        return;
      }
      channel.configureBlocking(false);
      boolean isFull = selector.keys().size() > CLIENTS_MAX;
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      Connection connection = new Connection(key, source, this::announce);
      key.attach(connection);
      if (isFull) {
        connection.refuse(CLIENTS_MAX + " clients read already; end some of them");
        write(connection);
      }
    } catch (IOException e) {
      // Most likely no descriptor is free. The client stays in the queue: look again in a moment.
      log.accept("accepting a client at " + path + ": " + e.getMessage());
      accepting.interestOps(0);
      acceptAgainNs = System.nanoTime() + ACCEPT_PAUSE_MS * NS_PER_MS;
    }
  }

  private void announce(Connection connection) {
    news.add(connection);
    selector.wakeup();
  }

  private void announce(String tracerId) {
    logged.add(tracerId);
    selector.wakeup();
  }

  private void tellWaiting(String tracerId) {
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof Connection connection && connection.awaits(tracerId)) {
        attempt(connection, Connection::begin);
      }
    }
  }

  private void writeNews() {
    Connection connection;
    while ((connection = news.poll()) != null) {
      write(connection);
    }
  }

  private void serve(SelectionKey key) {
    if (!(key.attachment() instanceof Connection connection) || !key.isValid()) {
      return;
    }
    if (key.isReadable()) {
      attempt(connection, Connection::read);
    }
    if (key.isValid() && key.isWritable()) {
      write(connection);
    }
  }

  private void write(Connection connection) {
    attempt(connection, Connection::write);
  }

  private interface Step {
    void run(Connection connection) throws IOException;
  }

  private void attempt(Connection connection, Step step) {
    try {
      step.run(connection);
    } catch (IOException clientGone) {
      drop(connection);
    } catch (RuntimeException e) {
      log.accept("serving a client at " + path + ": " + e);
      drop(connection);
    }
  }

  private void drop(Connection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      log.accept("closing a client at " + path + ": " + e.getMessage());
    }
  }

  /** Whoever asks for nothing, or for what does not come, must not hold a place for ever. */
  private void endWaits() {
    long nowNs = System.nanoTime();
    for (SelectionKey key : selector.keys()) {
      if (!(key.attachment() instanceof Connection connection)) {
        continue;
      }
      if (connection.awaitsRequest() && connection.ageNs(nowNs) > REQUEST_LIMIT_NS) {
        drop(connection);
      } else if (connection.hasWaited(nowNs)) {
        attempt(connection, Connection::giveUp);
      }
    }
  }

  /** Lets readers of ended runs take the rest. */
  private void farewell() throws IOException {
    accepting.cancel();
    long deadlineNs = System.nanoTime() + FAREWELL_NS;
    while (System.nanoTime() < deadlineNs && hasReaders()) {
      selector.select(20);
      for (SelectionKey key : selector.selectedKeys()) {
        serve(key);
      }
      selector.selectedKeys().clear();
      writeNews();
    }
  }

  private boolean hasReaders() {
    return selector.keys().stream().anyMatch(SelectionKey::isValid);
  }

  private void closeAll() {
    try {
      for (SelectionKey key : selector.keys()) {
        if (key.attachment() instanceof Connection connection) {
          drop(connection);
        }
      }
      selector.close();
      listener.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.accept("closing the socket " + path + ": " + e.getMessage());
    }
  }

  /**
   * Ends the thread and every stream: readers of runs that are over get the rest within a moment,
   * the others are cut off. Closing twice is fine.
   */
  @Override
  public void close() {
    isClosing = true;
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
