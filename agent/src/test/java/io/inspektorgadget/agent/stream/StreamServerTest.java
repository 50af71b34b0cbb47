// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The socket, spoken to directly. */
@Timeout(60)
final class StreamServerTest {
  private final ServedLogs served = new ServedLogs();

  StreamServerTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    served.close();
    assertThat(served.messages).isEmpty();
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(served.socket()));
    return channel;
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static BufferedReader lines(SocketChannel channel) {
    return new BufferedReader(
        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
  }

  /** The whole answer to a request. */
  private List<String> ask(String request) throws IOException {
    try (SocketChannel channel = connect()) {
      send(channel, request);
      return lines(channel).readAllLines();
    }
  }

  @Test
  void onlyItsOwnerMayConnectAndTheFileGoesWithTheServer() throws IOException {
    assertThat(Files.getPosixFilePermissions(served.socket()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    served.closeServer();
    assertThat(served.socket()).doesNotExist();
  }

  @Test
  void aSocketThatIsServedIsLeftAloneAndOneLeftBehindIsReplaced() throws IOException {
    assertThatThrownBy(() -> StreamServer.open(served.socket(), served, m -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("another process serves it");
    assertThat(ask("liveness\n")).containsExactly("ok");
    served.closeServer();
    Path stale = served.socket();
    Files.createFile(stale);
    try (StreamServer replacing = StreamServer.open(stale, served, served.messages::add)) {
      assertThat(replacing).isNotNull();
      assertThat(ask("liveness\n")).containsExactly("ok");
    }
  }

  @Test
  void livenessSaysWhatIsWrong() throws IOException {
    assertThat(ask("liveness\n")).containsExactly("ok");
    served.breakDown("noticing containers: its thread has ended");
    assertThat(ask("liveness\n"))
        .containsExactly("error noticing containers: its thread has ended");
  }

  @Test
  void aDumpIsCompleteAlsoIfItIsLarge() throws IOException {
    List<String> answer = ask("dump all\n");
    assertThat(answer).hasSize(3);
    assertThat(answer.get(1)).isEqualTo("dump of all");
    assertThat(answer.get(2)).hasSize(1 << 20);
  }

  @Test
  void anUnknownTracerIsNamed() throws IOException {
    assertThat(ask("receive-stream trace_a_b\n"))
        .singleElement()
        .asString()
        .startsWith("error reading the stream of trace_a_b: no tracer");
  }

  @Test
  void whoeverWaitsForATracerReadsItFromItsFirstLine() throws IOException {
    try (SocketChannel early = connect();
        SocketChannel other = connect()) {
      send(early, "receive-stream t from 1 wait 60\n");
      send(other, "receive-stream u from 1 wait 60\n");
      BufferedReader lines = lines(early);
      assertThat(lines.readLine()).isEqualTo("ok");
      assertThat(lines(other).readLine()).isEqualTo("ok");
      LineLog log = served.create("t");
      assertThat(lines.readLine()).isEqualTo(new ControlLine.Start(1, "run").json());
      ServedLogs.append(log, 1, 1_000);
      log.end(new EndCause.Completed());
      assertThat(lines.readAllLines())
          .hasSize(1_001)
          .startsWith("{\"n\":1}")
          .last()
          .asString()
          .contains("completed");
      assertThat(log.readers()).isZero();
    }
  }

  @Test
  void aTracerThatIsThereIsNotWaitedFor() throws IOException {
    LineLog log = served.create("t");
    log.end(new EndCause.Completed());
    assertThat(ask("receive-stream t wait 60\n")).hasSize(3).startsWith("ok");
  }

  @Test
  void aTracerThatDoesNotComeInTimeIsAFailedStream() throws IOException {
    List<String> answer = ask("receive-stream t from 5 wait 1\n");
    assertThat(answer).hasSize(2).startsWith("ok");
    assertThat(ControlLine.parse(answer.get(1)))
        .contains(
            new ControlLine.End(
                1,
                ControlLine.Cause.FAILED,
                "reading the stream of t: no tracer of this id has begun here within 1 s",
                0));
  }

  @Test
  void severalReadersOfOneRunEachGetAllAndTheEnd() throws IOException {
    LineLog log = served.create("t");
    List<SocketChannel> readers = new ArrayList<>();
    List<BufferedReader> texts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SocketChannel reader = connect();
      send(reader, "receive-stream t\n");
      BufferedReader text = lines(reader);
      assertThat(text.readLine()).isEqualTo("ok");
      assertThat(text.readLine()).isEqualTo(new ControlLine.Start(1, "run").json());
      readers.add(reader);
      texts.add(text);
    }
    for (int i = 0; i < 1_000; i++) {
      ServedLogs.append(log, i + 1, 1);
    }
    log.end(new EndCause.Stopped());
    for (BufferedReader text : texts) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(text.readLine()).isEqualTo("{\"n\":" + (i + 1) + "}");
      }
      assertThat(text.readLine())
          .isEqualTo(new ControlLine.End(1_001, ControlLine.Cause.STOPPED, "", 0).json());
      assertThat(text.readLine()).isNull();
    }
    for (SocketChannel reader : readers) {
      reader.close();
    }
    assertThat(log.readers()).isZero();
  }

  @Test
  void aReaderThatTakesNothingHoldsUpNobody() throws IOException {
    LineLog log = served.create("t");
    try (SocketChannel stuck = connect();
        SocketChannel quick = connect()) {
      send(stuck, "receive-stream t\n");
      send(quick, "receive-stream t\n");
      BufferedReader stuckText = lines(stuck);
      BufferedReader quickText = lines(quick);
      assertThat(stuckText.readLine()).isEqualTo("ok");
      assertThat(quickText.readLine()).isEqualTo("ok");
      assertThat(ControlLine.parse(quickText.readLine())).isPresent();
      long next = 1;
      for (int chunk = 0; chunk < 2_000; chunk++) {
        ServedLogs.append(log, next, 500);
        for (int i = 0; i < 500; i++) {
          assertThat(quickText.readLine()).isEqualTo("{\"n\":" + next++ + "}");
        }
      }
      log.end(new EndCause.Stopped());
      long lines = 0;
      long missed = 0;
      String text;
      while ((text = stuckText.readLine()) != null) {
        if (ControlLine.parse(text).orElse(null) instanceof ControlLine.Loss loss) {
          missed += loss.loss().count();
          assertThat(loss.loss().total()).isEqualTo(missed);
        } else if (text.startsWith("{\"n\":")) {
          lines++;
          assertThat(text).isEqualTo("{\"n\":" + (lines + missed) + "}");
        }
      }
      assertThat(missed).isPositive();
      assertThat(lines + missed).isEqualTo(1_000_000);
    }
  }

  @Test
  void aReaderThatLeavesIsForgotten() throws Exception {
    LineLog log = served.create("t");
    try (SocketChannel reader = connect()) {
      send(reader, "receive-stream t\n");
      assertThat(lines(reader).readLine()).isEqualTo("ok");
      assertThat(log.readers()).isOne();
    }
    TimeLimit.usual().await("no reader", () -> log.readers() == 0);
  }

  @Test
  void anyBytesAreAnsweredAndOthersAreServedMeanwhile() throws IOException {
    Random random = new Random(3);
    served.create("t").end(new EndCause.Completed());
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[1 + random.nextInt(1_500)];
      random.nextBytes(bytes);
      if (random.nextInt(3) == 0) {
        byte[] request = "receive-stream t\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(request, 0, bytes, 0, Math.min(bytes.length, request.length));
      }
      try (SocketChannel channel = connect()) {
        channel.write(ByteBuffer.wrap(bytes));
        channel.shutdownOutput();
        for (String line : answer(channel)) {
          assertThat(line.startsWith("error ") || line.equals("ok") || line.startsWith("{"))
              .isTrue();
        }
      }
    }
    assertThat(ask("liveness\n")).containsExactly("ok");
  }

  /** What was answered until the other side closed or reset the connection. */
  private static List<String> answer(SocketChannel channel) {
    List<String> answer = new ArrayList<>();
    try {
      BufferedReader text = lines(channel);
      String line;
      while ((line = text.readLine()) != null) {
        answer.add(line);
      }
    } catch (IOException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
    return answer;
  }

  @Test
  void aRequestThatIsTooLongIsRefused() throws IOException {
    assertThat(ask("x".repeat(StreamRequest.LINE_BYTES_MAX)))
        .singleElement()
        .asString()
        .startsWith("error reading a request: its line is longer than 1024");
  }

  @Test
  void moreClientsThanThereIsRoomForAreToldSo() throws IOException {
    List<SocketChannel> clients = new ArrayList<>();
    served.create("t");
    for (int i = 0; i < StreamServer.CLIENTS_MAX; i++) {
      SocketChannel client = connect();
      send(client, "receive-stream t\n");
      assertThat(lines(client).readLine()).isEqualTo("ok");
      clients.add(client);
    }
    try (SocketChannel further = connect()) {
      assertThat(lines(further).readLine())
          .isEqualTo("error 256 clients read already; end some of them");
    }
    for (SocketChannel client : clients) {
      client.close();
    }
  }

  @Test
  void closingCutsStreamsOffThatGoOnAndCompletesThoseThatAreOver() throws IOException {
    LineLog running = served.create("running");
    LineLog over = served.create("over");
    try (SocketChannel first = connect();
        SocketChannel second = connect()) {
      send(first, "receive-stream running\n");
      send(second, "receive-stream over\n");
      BufferedReader firstText = lines(first);
      BufferedReader secondText = lines(second);
      assertThat(firstText.readLine()).isEqualTo("ok");
      assertThat(secondText.readLine()).isEqualTo("ok");
      ServedLogs.append(running, 1, 3);
      ServedLogs.append(over, 1, 50_000);
      over.end(new EndCause.Stopped());
      Thread closing = new Thread(served::closeServer);
      closing.start();
      List<String> rest = secondText.readAllLines();
      assertThat(rest.size()).isEqualTo(50_002);
      assertThat(rest.getLast()).contains("\"type\":\"end\"");
      assertThat(firstText.readAllLines()).hasSize(4);
    }
  }
}
