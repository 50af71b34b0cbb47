// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Somebody who listens at a Unix socket; each connection is served by the same code. */
public final class FakeEngine implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Thread thread;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Serves one connection; the connection is closed afterwards. */
  public interface Service {
    void serve(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  private FakeEngine(ServerSocketChannel server, Service service) {
    this.server = server;
    this.thread = new Thread(() -> serve(service), "fake-engine");
    thread.start();
  }

  /** Listens at this socket. */
  public static FakeEngine listen(Path socket, Service service) throws IOException {
    Files.createDirectories(socket.getParent());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return new FakeEngine(server, service);
  }

  /** Reads a request of HTTP/1.1 that has no body. */
  public static String request(InputStream in) throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("reading a request: it ends within \"" + request + "\"");
      }
      request.append((char) next);
    }
    return request.toString();
  }

  private void serve(Service service) {
    try {
      while (true) {
        try (SocketChannel connection = server.accept()) {
          service.serve(Channels.newInputStream(connection), Channels.newOutputStream(connection));
        }
      }
    } catch (ClosedChannelException | InterruptedException e) {
      // The end of the test.
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failures.add(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!failures.isEmpty()) {
      throw new IOException("serving a connection", failures.peek());
    }
  }
}
