// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParamSpec.Kind;
import io.inspektorgadget.model.gadget.ParameterValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterValuesTest {
  private static ParamSpec param(Kind kind, int sizeBytes) {
    return new ParamSpec("key", "variable", kind, sizeBytes, "", "", "", false, List.of());
  }

  private static ByteBuffer encoded(Kind kind, int sizeBytes, String value) {
    ParamSpec parameter = param(kind, sizeBytes);
    byte[] bytes =
        ParameterEncoding.encode(parameter, ParameterValue.parse(parameter, "--key", value));
    assertThat(bytes).hasSize(sizeBytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  private static GadgetSpec gadget(ParamSpec... parameters) {
    return new GadgetSpec(
        "trace_test",
        "",
        new ObjectLocation.Resource("none"),
        List.of(parameters),
        List.of(),
        Map.of(),
        Map.of());
  }

  private static BpfObject object() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ParameterValuesTest.class.getResourceAsStream("/bpf/everything.bpf.o"))) {
      return BpfObject.open("everything", in.readAllBytes());
    }
  }

  private static ParamSpec sizeOf(String map) {
    return new ParamSpec(
        "entries", map + "_max_entries", Kind.UINT, 4, "", "", "", false, List.of());
  }

  @Test
  void aParameterSizesTheMapOfItsName() throws IOException {
    try (BpfObject object = object()) {
      ParameterValues.parse(gadget(sizeOf("sums")), Map.of("entries", "5000")).sizeMaps(object);
      assertThat(object.map("sums").maxEntries()).isEqualTo(5000);
      assertThat(object.map("events").maxEntries()).isEqualTo(4096);
      // No map is called so: the variable is the program's own affair.
      ParameterValues.parse(gadget(sizeOf("none")), Map.of("entries", "0")).sizeMaps(object);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2147483648", "4294967295"})
  void aSizeThatNoMapCanHaveIsRefused(String entries) throws IOException {
    ParameterValues values =
        ParameterValues.parse(gadget(sizeOf("sums")), Map.of("entries", entries));
    try (BpfObject object = object()) {
      assertThatThrownBy(() -> values.sizeMaps(object))
          .isInstanceOf(GadgetException.class)
          .hasMessage(
              "setting --entries to \"" + entries + "\": map sums has 1 to 2147483647 entries");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "1, 1", "false, 0", "0, 0"})
  void booleans(String value, byte expected) {
    assertThat(encoded(Kind.BOOL, 1, value).get(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "INT, 1, -128",
    "INT, 1, 127",
    "INT, 2, -32768",
    "INT, 4, -2147483648",
    "INT, 4, 2147483647",
    "INT, 8, -9223372036854775808",
    "UINT, 1, 255",
    "UINT, 2, 65535",
    "UINT, 4, 4294967295",
    "UINT, 8, 18446744073709551615",
    "UINT, 4, 0",
    "INT, 4, +5"
  })
  void numbersUpToTheirLimits(Kind kind, int sizeBytes, String value) {
    ByteBuffer bytes = encoded(kind, sizeBytes, value);
    long bits =
        switch (sizeBytes) {
          case 1 -> bytes.get(0);
          case 2 -> bytes.getShort(0);
          case 4 -> bytes.getInt(0);
          default -> bytes.getLong(0);
        };
    long wanted = new java.math.BigInteger(value).longValue();
    int unused = Long.SIZE - sizeBytes * Byte.SIZE;
    assertThat(bits << unused).isEqualTo(wanted << unused);
  }

  @ParameterizedTest
  @CsvSource({"0x10, 16", "0xff, 255", "0xFFFFFFFF, 4294967295"})
  void numbersInHexadecimal(String value, long expected) {
    assertThat(encoded(Kind.UINT, 4, value).getInt(0) & 0xffff_ffffL).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"SIGTERM, 15", "SIGRTMIN+2, 36", "9, 9", "0, 0"})
  void signalsByNumberOrName(String value, int expected) {
    assertThat(encoded(Kind.SIGNAL, 4, value).getInt(0)).isEqualTo(expected);
  }

  @Test
  void floats() {
    assertThat(encoded(Kind.FLOAT, 4, "1.5").getFloat(0)).isEqualTo(1.5f);
    assertThat(encoded(Kind.FLOAT, 8, "-1e100").getDouble(0)).isEqualTo(-1e100);
  }

  @Test
  void textsAreFilledUpWithZeroes() {
    byte[] bytes = encoded(Kind.STRING, 8, "jö").array();
    assertThat(bytes).isEqualTo(Arrays.copyOf("jö".getBytes(StandardCharsets.UTF_8), 8));
    assertThat(encoded(Kind.STRING, 4, "abc").array()).endsWith((byte) 0);
  }

  @Test
  void addressesAreInNetworkOrderWithTheirVersion() {
    byte[] ipv4 = encoded(Kind.IP_ADDRESS, 20, "10.0.0.255").array();
    assertThat(ipv4).startsWith((byte) 10, (byte) 0, (byte) 0, (byte) 255, (byte) 0);
    assertThat(ipv4[16]).isEqualTo((byte) 4);
    byte[] ipv6 = encoded(Kind.IP_ADDRESS, 20, "2001:db8::1").array();
    assertThat(ipv6).startsWith((byte) 0x20, (byte) 0x01, (byte) 0x0d, (byte) 0xb8);
    assertThat(ipv6[15]).isEqualTo((byte) 1);
    assertThat(ipv6[16]).isEqualTo((byte) 6);
  }

  @Test
  void aNameThatNoSignalHasIsRefused() {
    assertThatThrownBy(() -> encoded(Kind.SIGNAL, 4, "SIGNOTHING"))
        .isInstanceOf(GadgetException.class)
        .hasMessage(
            "reading --key: \"SIGNOTHING\" is no signal; write a number or a name such as SIGTERM");
  }

  @Test
  void whateverFormWasWrittenConditionsSeeOne() {
    ParamSpec failed =
        new ParamSpec("failed", "failed", Kind.BOOL, 1, "", "", "", false, List.of());
    ParamSpec port = new ParamSpec("port", "port", Kind.UINT, 2, "", "", "", false, List.of());
    ParameterValues values =
        ParameterValues.parse(gadget(failed, port), Map.of("failed", "0", "port", "0x50"));
    assertThat(values.text("failed")).isEqualTo("false");
    assertThat(values.text("port")).isEqualTo("80");
  }

  @Test
  void anUnknownParameterIsRefusedAndTheNearestNamed() {
    ParamSpec failed =
        new ParamSpec("failed", "failed", Kind.BOOL, 1, "false", "", "", false, List.of());
    assertThatThrownBy(() -> ParameterValues.parse(gadget(failed), Map.of("faild", "true")))
        .isInstanceOf(GadgetException.class)
        .hasMessage("starting trace_test: it has no parameter faild; did you mean failed?");
    assertThatThrownBy(() -> ParameterValues.parse(gadget(failed), Map.of("zzzzzzzz", "1")))
        .isInstanceOf(GadgetException.class)
        .hasMessage("starting trace_test: it has no parameter zzzzzzzz");
  }

  @Test
  void aMandatoryParameterNeedsAValue() {
    ParamSpec target = new ParamSpec("target", "target", Kind.UINT, 4, "", "", "", true, List.of());
    assertThatThrownBy(() -> ParameterValues.parse(gadget(target), Map.of()))
        .isInstanceOf(GadgetException.class)
        .hasMessage("starting trace_test: --target is needed");
    assertThatThrownBy(() -> ParameterValues.parse(gadget(target), Map.of("target", "")))
        .isInstanceOf(GadgetException.class);
    assertThatCode(() -> ParameterValues.parse(gadget(target), Map.of("target", "1")))
        .doesNotThrowAnyException();
  }

  @Test
  void onlyPossibleValuesAreTaken() {
    ParamSpec mode =
        new ParamSpec(
            "mode", "mode", Kind.STRING, 8, "fast", "", "", false, List.of("fast", "all"));
    assertThatThrownBy(() -> ParameterValues.parse(gadget(mode), Map.of("mode", "slow")))
        .isInstanceOf(GadgetException.class)
        .hasMessage("reading --mode: \"slow\" is none of its values; write fast, all");
    assertThatCode(() -> ParameterValues.parse(gadget(mode), Map.of("mode", "all")))
        .doesNotThrowAnyException();
  }

  @Test
  void defaultsAreCheckedAsWell() {
    ParamSpec wrong =
        new ParamSpec("depth", "depth", Kind.UINT, 1, "256", "", "", false, List.of());
    assertThatThrownBy(() -> ParameterValues.parse(gadget(wrong), Map.of()))
        .hasMessage("reading --depth: \"256\" is out of range; write a whole number from 0 to 255");
    assertThatCode(() -> ParameterValues.parse(gadget(wrong), Map.of("depth", "9")))
        .doesNotThrowAnyException();
  }
}
