// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoMessageTest {
  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    for (String text : new String[] {"", "web", "ü".repeat(5_000)}) {
      ProtoMessage message = ProtoMessage.parse(ProtoMessage.withText(3, text));
      assertThat(message.text(3)).isEqualTo(text);
      assertThat(message.text(1)).isEmpty();
    }
  }

  @Test
  void readsTextsMessagesAndMapsAndPassesOverTheRest() throws IOException {
    ProtoMessage message =
        ProtoMessage.parse(
            hex(
                "08 9601" // 1: a number
                    + "12 06 0a016b 120176" // 2: k=v
                    + "12 03 0a016e" // 2: n without a value
                    + "19 0102030405060708" // 3: eight bytes
                    + "25 01020304" // 4: four bytes
                    + "2a 04 0a02 6869" // 5: a message with a text
                    + "2a 04 0a02 686f")); // 5: again
    assertThat(message.texts(2)).isEqualTo(Map.of("k", "v", "n", ""));
    assertThat(message.message(5).text(1)).isEqualTo("ho");
    assertThat(message.message(6).text(1)).isEmpty();
    assertThat(message.texts(7)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0a 05 61", // shorter than it says
        "0a ffffffffffffffffffff01", // a number without end
        "0a ffffffffffffffffff01", // a negative length
        "0b", // a group, which nobody sends any more
        "09 01", // too few bytes for a number
        "08" // nothing after a key
      })
  void refusesNonsense(String bytes) {
    assertThatThrownBy(() -> ProtoMessage.parse(hex(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("reading an answer: ");
  }

  @Test
  void readsOrRefusesWhateverComes() {
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      try {
        ProtoMessage message = ProtoMessage.parse(bytes);
        for (int field = 0; field < 16; field++) {
          assertThat(message.text(field)).isNotNull();
          assertThat(message.texts(field)).isNotNull();
        }
        read++;
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("reading an answer: ");
      }
    }
    assertThat(read).isBetween(1, 199_999);
  }
}
