// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.OpenDescriptors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Opening bytes that are no good object gives an error and never ends the process. */
class HostileObjectTest {
  private static final int SEED = 20261124;
  private static final int ROUNDS = 4000;

  @Test
  void refusesWhatIsNoElf() {
    assertThatThrownBy(() -> BpfObject.open("empty", new byte[0]))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("opening empty: ");
    byte[] text = "#!/bin/sh\necho hello\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> BpfObject.open("script", text))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("opening script: ");
  }

  @Test
  void refusesAnObjectOfAnotherMachine() {
    byte[] bytes = TestObjects.bytes("tracing");
    bytes[18] = 62;
    bytes[19] = 0;
    assertThatThrownBy(() -> BpfObject.open("x86", bytes))
        .isInstanceOf(BpfException.class)
        .hasMessage("opening x86: it is compiled for another machine; compile it for bpf");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = TestObjects.bytes("tracing");
    for (int length = 0; length < whole.length; length += 97) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> BpfObject.open("part", part)).isInstanceOf(BpfException.class);
    }
  }

  @Test
  void survivesFlippedBytes() {
    List<String> before = OpenDescriptors.kernelObjects();
    Random random = new Random(SEED);
    int opened = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = TestObjects.bytes(round % 2 == 0 ? "tracing" : "rejected");
      int flips = 1 + random.nextInt(8);
      for (int flip = 0; flip < flips; flip++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (BpfObject object = BpfObject.open("fuzzed", bytes)) {
        assertThat(object.programs()).isNotNull();
        opened++;
      } catch (BpfException expected) {
        refused++;
      }
    }
    assertThat(opened).isPositive();
    assertThat(refused).isPositive();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }
}
