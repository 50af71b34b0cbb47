// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls to somebody who answers frame by frame as the test wants; real engines have their own. */
@Timeout(60)
class GrpcChannelTest {
  private static final long LIMIT_MS = 20_000;
  private static final Map<String, String> NAMESPACE = Map.of("containerd-namespace", "igtest");
  private static final byte[] QUESTION = {10, 1, 'q'};
  private static final byte[] OPENING =
      HeaderBlock.encode(Map.of("content-type", "application/grpc"));
  private static final int PREFACE_SIZE_BYTES = 24;

  @TempDir Path folder;
  private final List<Integer> types = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> streams = Collections.synchronizedList(new ArrayList<>());
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** Answers the call of a stream. */
  private interface Script {
    void answer(int stream, OutputStream out) throws IOException;
  }

  private FakeEngine engine(Script script) throws IOException {
    return FakeEngine.listen(folder.resolve("s"), (in, out) -> serve(in, out, script));
  }

  private GrpcChannel channel() {
    return new GrpcChannel(folder.resolve("s"), LIMIT_MS);
  }

  private void serve(InputStream input, OutputStream out, Script script) throws IOException {
    DataInputStream in = new DataInputStream(input);
    in.readFully(new byte[PREFACE_SIZE_BYTES]);
    out.write(HttpFrame.bytes(HttpFrame.SETTINGS, 0, 0, new byte[0]));
    while (true) {
      try {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        final int flags = in.readUnsignedByte();
        final int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        types.add(type | flags << 8);
        if (type == HttpFrame.HEADERS) {
          asked.add(HeaderBlock.decode(payload).toString());
        } else if (type == HttpFrame.DATA) {
          streams.add(stream);
          assertThat(payload).isEqualTo(message(QUESTION));
          script.answer(stream, out);
        }
      } catch (EOFException e) {
        return;
      }
    }
  }

  private static byte[] message(byte[] content) {
    byte[] message = new byte[5 + content.length];
    message[4] = (byte) content.length;
    message[3] = (byte) (content.length >> 8);
    System.arraycopy(content, 0, message, 5, content.length);
    return message;
  }

  private static void headers(OutputStream out, int flags, int stream, byte[] block)
      throws IOException {
    out.write(HttpFrame.bytes(HttpFrame.HEADERS, flags, stream, block));
  }

  private static void end(OutputStream out, int stream, Map<String, String> trailers)
      throws IOException {
    int flags = HttpFrame.END_HEADERS | HttpFrame.END_STREAM;
    headers(out, flags, stream, HeaderBlock.encode(trailers));
  }

  private static void well(int stream, OutputStream out, byte[] content) throws IOException {
    headers(out, HttpFrame.END_HEADERS, stream, OPENING);
    out.write(HttpFrame.bytes(HttpFrame.DATA, 0, stream, message(content)));
    end(out, stream, Map.of("grpc-status", "0"));
  }

  @Test
  void callsOneAfterTheOtherOnOneConnection() throws Exception {
    try (FakeEngine engine = engine((stream, out) -> well(stream, out, new byte[] {7}));
        GrpcChannel channel = channel()) {
      assertThat(engine).isNotNull();
      for (int i = 0; i < 3; i++) {
        assertThat(channel.call("a.B/C", NAMESPACE, QUESTION)).containsExactly(7);
      }
      channel.disconnect();
      assertThat(channel.call("a.B/C", NAMESPACE, QUESTION)).containsExactly(7);
    }
    assertThat(streams).as("and anew after it was closed").containsExactly(1, 3, 5, 1);
    assertThat(asked.getFirst()).contains("containerd-namespace=igtest");
    assertThat(types).contains(HttpFrame.SETTINGS | HttpFrame.ACK << 8);
  }

  @Test
  void readsAnAnswerInEveryForm() throws Exception {
    byte[] content = new byte[20_000];
    Arrays.fill(content, (byte) 'x');
    try (FakeEngine engine =
            engine((stream, out) -> {
              out.write(HttpFrame.bytes(HttpFrame.PING, 0, 0, new byte[8]));
              out.write(HttpFrame.bytes(HttpFrame.WINDOW_UPDATE, 0, stream, new byte[4]));
              // Headers in two frames, the first with an order among streams and a filling.
              byte[] first = new byte[1 + 5 + OPENING.length];
              first[0] = 2;
              System.arraycopy(OPENING, 0, first, 6, OPENING.length - 2);
              headers(out, 0x28, stream, first);
              byte[] rest = Arrays.copyOfRange(OPENING, OPENING.length - 2, OPENING.length);
              out.write(
                  HttpFrame.bytes(HttpFrame.CONTINUATION, HttpFrame.END_HEADERS, stream, rest));
              byte[] message = message(content);
              byte[] head = Arrays.copyOf(message, 10_000);
              byte[] tail = Arrays.copyOfRange(message, 10_000, message.length);
              byte[] filled = new byte[1 + tail.length + 9];
              filled[0] = 9;
              System.arraycopy(tail, 0, filled, 1, tail.length);
              out.write(HttpFrame.bytes(HttpFrame.DATA, 0, stream, head));
              out.write(HttpFrame.bytes(HttpFrame.DATA, 0x8, stream, filled));
              end(out, stream, Map.of("grpc-status", "0"));
            });
        GrpcChannel channel = channel()) {
      assertThat(engine).isNotNull();
      assertThat(channel.call("a.B/C", NAMESPACE, QUESTION)).isEqualTo(content);
      // Whoever answers has read all that came before the question.
      assertThat(channel.call("a.B/C", NAMESPACE, QUESTION)).isEqualTo(content);
    }
    assertThat(types)
        .contains(HttpFrame.PING | HttpFrame.ACK << 8)
        .as("one for the connection and one for each part")
        .filteredOn(type -> type == HttpFrame.WINDOW_UPDATE)
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void tellsErrorsByTheirCause() throws Exception {
    try (FakeEngine engine =
            engine((stream, out) ->
                end(out, stream, Map.of("grpc-status", "5", "grpc-message", "no such thing")));
        GrpcChannel channel = channel()) {
      assertThat(engine).isNotNull();
      assertThatThrownBy(() -> channel.call("a.B/C", NAMESPACE, QUESTION))
          .isInstanceOfSatisfying(
              GrpcException.class,
              e -> {
                assertThat(e.isNotFound()).isTrue();
                assertThat(e.isUnimplemented()).isFalse();
              })
          .hasMessage("asking " + folder.resolve("s") + " for a.B/C: no such thing");
    }
  }

  @Test
  void takesAnAnswerWithoutStatusForAnError() throws Exception {
    try (FakeEngine engine =
            engine((stream, out) ->
                headers(
                    out, HttpFrame.END_HEADERS | HttpFrame.END_STREAM, stream, new byte[] {-115}));
        GrpcChannel channel = channel()) {
      assertThat(engine).isNotNull();
      assertThatThrownBy(() -> channel.call("a.B/C", NAMESPACE, QUESTION))
          .isInstanceOf(GrpcException.class)
          .hasMessageEndingWith("for a.B/C: HTTP status 404");
    }
  }

  @Test
  void startsAnewAfterNonsense() throws Exception {
    List<Script> scripts =
        List.of(
            (stream, out) -> out.write(HttpFrame.bytes(HttpFrame.GOAWAY, 0, 0, new byte[8])),
            (stream, out) ->
                out.write(HttpFrame.bytes(HttpFrame.RST_STREAM, 0, stream, new byte[4])),
            (stream, out) -> out.write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
            (stream, out) -> headers(out, HttpFrame.END_HEADERS, stream, new byte[] {(byte) 0xbe}),
            (stream, out) -> headers(out, 0x8, stream, new byte[] {50, 0}),
            (stream, out) -> {
              headers(out, HttpFrame.END_HEADERS, stream, OPENING);
              out.write(HttpFrame.bytes(HttpFrame.DATA, 0, stream, new byte[] {1, 0, 0, 0, 0}));
              end(out, stream, Map.of("grpc-status", "0"));
            },
            (stream, out) -> end(out, stream, Map.of("grpc-status", "0")));
    for (Script script : scripts) {
      List<Integer> turns = new ArrayList<>();
      Path socket = folder.resolve("s" + scripts.indexOf(script));
      try (FakeEngine engine =
              FakeEngine.listen(
                  socket,
                  (in, out) -> {
                    turns.add(1);
                    serve(in, out, turns.size() == 1 ? script : (s, o) -> well(s, o, QUESTION));
                  });
          GrpcChannel channel = new GrpcChannel(socket, LIMIT_MS)) {
        assertThat(engine).isNotNull();
        assertThatThrownBy(() -> channel.call("a.B/C", NAMESPACE, QUESTION))
            .isInstanceOf(IOException.class);
        assertThat(channel.call("a.B/C", NAMESPACE, QUESTION)).isEqualTo(QUESTION);
      }
    }
  }
}
