// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UnixHttpTest {
  private static final long LIMIT_MS = 20_000;

  @TempDir Path folder;
  private String asked = "";

  private Optional<String> get(String answer, long limitMs) throws IOException {
    Path socket = folder.resolve("s");
    try (FakeEngine engine =
        FakeEngine.listen(
            socket,
            (in, out) -> {
              asked = FakeEngine.request(in);
              out.write(answer.getBytes(StandardCharsets.UTF_8));
              out.flush();
              if (limitMs < LIMIT_MS) {
                TimeUnit.MILLISECONDS.sleep(LIMIT_MS);
              }
            })) {
      assertThat(engine).isNotNull();
      return new UnixHttp(socket, limitMs)
          .get("/containers/x/json")
          .map(body -> new String(body, StandardCharsets.UTF_8));
    }
  }

  @Test
  void readsABodyOfKnownLength() throws IOException {
    assertThat(get("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\n{}", LIMIT_MS))
        .contains("{}");
    assertThat(asked).startsWith("GET /containers/x/json HTTP/1.1\r\nHost: localhost\r\n");
  }

  @Test
  void readsChunks() throws IOException {
    String chunks = "3;x=y\r\n{\"a\r\n5 \r\n\":1}\n\r\n0\r\n\r\n";
    assertThat(get("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n" + chunks, LIMIT_MS))
        .contains("{\"a\":1}\n");
  }

  @Test
  void readsUpToTheEndOfTheConnection() throws IOException {
    assertThat(get("HTTP/1.0 200 OK\n\n{\"a\":2}", LIMIT_MS)).contains("{\"a\":2}");
  }

  @Test
  void knowsWhatIsNotThere() throws IOException {
    assertThat(get("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", LIMIT_MS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 500 Oops\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 20",
        "HTTP/1.1 twohundred OK\r\n\r\n"
      })
  void refusesNonsense(String answer) {
    assertThatThrownBy(() -> get(answer, LIMIT_MS))
        .isInstanceOf(IOException.class)
        .message()
        .containsAnyOf("reading the answer of " + folder, "asking " + folder, "talking to ");
  }

  @Test
  void doesNotWaitForEver() {
    assertThatThrownBy(() -> get("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", 200))
        .hasMessageContaining("no answer in time");
  }

  @Test
  void saysThatNobodyListens() {
    assertThatThrownBy(() -> new UnixHttp(folder.resolve("none"), LIMIT_MS).get("/"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("connecting to " + folder.resolve("none"));
  }
}
