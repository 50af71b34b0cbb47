// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  private static final int FUZZ_ROUNDS = 5_000;
  private static final String STATE =
      """
      {"id":"a","pid":12,"big":99999999999999999999,"config":{"labels":["bundle=/b",7],
       "rootfs":{"deep":{"x":[[1,{"y":2}]]}}},"annotations":{"k":"v","n":3,"o":{"p":"q"}}}
      """;

  @TempDir Path folder;

  private static JsonFile parse(String json, String... wanted) throws IOException {
    return JsonFile.parse("a test", json.getBytes(StandardCharsets.UTF_8), Set.of(wanted));
  }

  @Test
  void readsWhatIsWantedAndNothingElse() throws IOException {
    JsonFile json = parse(STATE, "id", "pid", "config.labels", "annotations");
    assertThat(json.text("id")).isEqualTo("a");
    assertThat(json.number("pid")).isEqualTo(12);
    assertThat(json.list("config", "labels")).isEqualTo(List.of("bundle=/b"));
    assertThat(json.texts("annotations")).isEqualTo(Map.of("k", "v"));
    assertThat(json.text("annotations", "o", "p")).isEqualTo("q");
    assertThat(json.texts("config", "rootfs")).isEmpty();
  }

  @Test
  void isEmptyWhereTypesDiffer() throws IOException {
    JsonFile json = JsonFile.parseAll("a test", STATE.getBytes(StandardCharsets.UTF_8));
    assertThat(json.number("id")).isZero();
    assertThat(json.text("pid")).isEmpty();
    assertThat(json.number("big")).isZero();
    assertThat(json.text("id", "beyond")).isEmpty();
    assertThat(json.list("annotations")).isEmpty();
    assertThat(JsonFile.EMPTY.text("id")).isEmpty();
  }

  @Test
  void refusesWhatIsNoObject() {
    for (String json : List.of("", "[]", "7", "{", "{\"a\":", "{\"a\" 1}", "\u0000", "null")) {
      assertThatThrownBy(() -> parse(json, "a")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void survivesDepth() {
    String deep = "{\"a\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> parse(deep, "a")).isInstanceOf(IOException.class);
    String deepUnwanted = "{\"b\":" + "{\"c\":".repeat(50_000);
    assertThatThrownBy(() -> parse(deepUnwanted, "a")).isInstanceOf(IOException.class);
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(7);
    int read = 0;
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
      byte[] bytes = STATE.getBytes(StandardCharsets.UTF_8);
      for (int change = 0; change < 3; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        JsonFile json = JsonFile.parse("fuzzed", bytes, Set.of("id", "config.labels"));
        assertThat(json.text("id")).isNotNull();
        read++;
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("reading fuzzed: ");
      }
    }
    assertThat(read).isBetween(1, FUZZ_ROUNDS - 1);
  }

  @Test
  void refusesWhatIsNoRegularOrAHugeFile() throws IOException {
    assertThatThrownBy(() -> JsonFile.read(folder, Set.of("a")))
        .hasMessage("reading " + folder + ": no regular file");
    Path huge = folder.resolve("huge");
    try (var file =
        Files.newByteChannel(
            huge,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      file.position(16L << 20).write(java.nio.ByteBuffer.wrap(new byte[] {1}));
    }
    assertThatThrownBy(() -> JsonFile.read(huge, Set.of("a"))).hasMessageContaining("larger than");
  }
}
