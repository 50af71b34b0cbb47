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

/** Headers of HTTP/2 on the wire; texts in Huffman's code are examples of RFC 7541. */
class HeaderBlockTest {
  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Map<String, String> headers = Map.of("te", "trailers", "grpc-message", "x".repeat(1_000));
    assertThat(HeaderBlock.decode(HeaderBlock.encode(headers))).isEqualTo(headers);
  }

  @Test
  void readsTextsInHuffmansCode() throws IOException {
    assertThat(HuffmanCode.decode(hex("f1e3 c2e5 f23a 6ba0 ab90 f4ff")))
        .isEqualTo("www.example.com");
    assertThat(HuffmanCode.decode(hex("d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff")))
        .isEqualTo("Mon, 21 Oct 2013 20:13:21 GMT");
    assertThat(HuffmanCode.decode(hex("9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3")))
        .isEqualTo("https://www.example.com");
    assertThat(HuffmanCode.decode(new byte[0])).isEmpty();
  }

  @Test
  void readsHeadersInEveryForm() throws IOException {
    // A smaller table, :status 404 by number, content-type as text, a name in Huffman's code.
    assertThat(HeaderBlock.decode(hex("20 8d 5f 02 6162 00 88 25a849e95ba97d7f 01 35")))
        .containsEntry(":status", "404")
        .containsEntry("custom-key", "5")
        .hasSize(2);
    assertThat(HeaderBlock.decode(hex("48 03 353033"))).containsEntry(":status", "503");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "be", // an entry of the table that we forbade
        "80", // an entry before the first
        "00 7f ffffffffff", // a number without end
        "00 05 6162", // a text longer than the block
        "00", // nothing after a name is announced
        "00 81 00 01 61", // filled up with zeros
        "00 84 ffffffff 01 61" // the code of the end
      })
  void refusesNonsense(String block) {
    assertThatThrownBy(() -> HeaderBlock.decode(hex(block)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reading headers: ");
  }

  @Test
  void readsOrRefusesWhateverComes() {
    Random random = new Random(7541);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] block = new byte[random.nextInt(24)];
      random.nextBytes(block);
      try {
        assertThat(HeaderBlock.decode(block)).isNotNull();
        read++;
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("reading headers: ");
      }
    }
    assertThat(read).isBetween(1, 199_999);
  }
}
