// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.gadget.ParamSpec.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValueTest {
  private static ParamSpec param(Kind kind, int sizeBytes, String... possible) {
    return new ParamSpec("key", "variable", kind, sizeBytes, "", "", "", false, List.of(possible));
  }

  private static ParameterValue parsed(Kind kind, int sizeBytes, String text) {
    return ParameterValue.parse(param(kind, sizeBytes), "--key", text);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, 1, true, true",
    "BOOL, 1, 1, true",
    "BOOL, 1, false, false",
    "BOOL, 1, 0, false",
    "INT, 1, -128, -128",
    "INT, 1, 127, 127",
    "INT, 4, +5, 5",
    "INT, 8, -9223372036854775808, -9223372036854775808",
    "UINT, 4, 007, 7",
    "UINT, 4, 0x10, 16",
    "UINT, 4, 0xFFFFFFFF, 4294967295",
    "UINT, 8, 18446744073709551615, 18446744073709551615",
    "SIGNAL, 4, 9, 9",
    "SIGNAL, 4, SIGTERM, SIGTERM",
    "SIGNAL, 4, SIGRTMIN+2, SIGRTMIN+2",
    "FLOAT, 4, 1.5, 1.5",
    "FLOAT, 8, -1e100, -1e100",
    "FLOAT, 8, .5, .5",
    "STRING, 4, abc, abc",
    "IP_ADDRESS, 20, 10.0.0.255, 10.0.0.255",
    "IP_ADDRESS, 20, 2001:db8::1, 2001:db8::1",
    "UINT_LIST, 0, '1, 2,!3', '1, 2,!3'",
    "UINT_LIST, 0, 4294967295, 4294967295",
    "NAME_LIST, 0, fifteen-bytes-x, fifteen-bytes-x",
  })
  void aValueThatFitsHasOneWrittenForm(Kind kind, int sizeBytes, String text, String form) {
    assertThat(parsed(kind, sizeBytes, text).text()).isEqualTo(form);
  }

  @Test
  void listsTellWhatIsWantedFromWhatIsNot() {
    assertThat(parsed(Kind.UINT_LIST, 0, "1, 0x10,!3"))
        .isEqualTo(new ParameterValue.Numbers(List.of(1L, 16L), List.of(3L), "1, 0x10,!3"));
    assertThat(parsed(Kind.NAME_LIST, 0, "!sh,cat"))
        .isEqualTo(new ParameterValue.Names(List.of("cat"), List.of("sh"), "!sh,cat"));
  }

  @Test
  void addressesHaveTheirOwnLength() {
    assertThat(address("10.0.0.1")).containsExactly(10, 0, 0, 1);
    assertThat(address("::1")).hasSize(16);
  }

  private static byte[] address(String text) {
    return ((ParameterValue.Address) parsed(Kind.IP_ADDRESS, 20, text)).address().getAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOL | 1 | yes | is neither true nor false; write one of them",
        "BOOL | 1 | TRUE | is neither true nor false; write one of them",
        "INT | 1 | ten | is no whole number; write one from -128 to 127",
        "INT | 1 | 1.5 | is no whole number; write one from -128 to 127",
        "INT | 1 | '' | is no whole number; write one from -128 to 127",
        "INT | 1 | 0x | is no whole number; write one from -128 to 127",
        "UINT | 1 | 0x-1 | is no whole number; write one from 0 to 255",
        "UINT | 1 | ١ | is no whole number; write one from 0 to 255",
        "INT | 1 | 128 | is out of range; write a whole number from -128 to 127",
        "INT | 1 | -129 | is out of range; write a whole number from -128 to 127",
        "INT | 4 | 0x80000000 | is out of range; write a whole number from -2147483648 to 2147483647",
        "UINT | 4 | -1 | is out of range; write a whole number from 0 to 4294967295",
        "UINT | 4 | 4294967296 | is out of range; write a whole number from 0 to 4294967295",
        "UINT | 8 | 18446744073709551616 | is out of range; write a whole number from 0 to"
            + " 18446744073709551615",
        "FLOAT | 4 | x | is no number; write one such as 0.5",
        "FLOAT | 4 | NaN | is no number; write one such as 0.5",
        "FLOAT | 4 | 1e39 | is out of range; write a number nearer to 0",
        "FLOAT | 8 | 1e309 | is out of range; write a number nearer to 0",
        "SIGNAL | 4 | TERM | is no whole number; write one from 0 to 4294967295",
        "SIGNAL | 4 | SIG term | is no signal; write a number or a name such as SIGTERM",
        "STRING | 4 | abcd | is too long; write at most 3 bytes",
        "STRING | 4 | öö | is too long; write at most 3 bytes",
        "IP_ADDRESS | 20 | localhost | is no IP address; write one such as 10.0.0.1 or fd00::1",
        "IP_ADDRESS | 20 | 10.0.0 | is no IP address; write one such as 10.0.0.1 or fd00::1",
        "IP_ADDRESS | 20 | 10.0.0.256 | is no IP address; write one such as 10.0.0.1 or fd00::1",
        "IP_ADDRESS | 20 | ::g | is no IP address; write one such as 10.0.0.1 or fd00::1",
        "IP_ADDRESS | 20 | a:b | is no IP address; write one such as 10.0.0.1 or fd00::1",
        "UINT_LIST | 0 | '1,,2' | is a list with an empty element; write a,b or '!a'",
        "NAME_LIST | 0 | '!' | is a list with an empty element; write a,b or '!a'",
      })
  void aValueThatDoesNotFitIsNamedWithItsFix(Kind kind, int size, String text, String message) {
    assertThatThrownBy(() -> parsed(kind, size, text))
        .isInstanceOf(GadgetException.class)
        .hasMessage("reading --key: \"" + text + "\" " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UINT_LIST | 1,x | x | is no whole number; write one from 0 to 4294967295",
        "UINT_LIST | -1 | -1 | is out of range; write a whole number from 0 to 4294967295",
        "UINT_LIST | !4294967296 | 4294967296 | is out of range; write a whole number from 0 to"
            + " 4294967295",
        "NAME_LIST | ok,sixteen-bytes-xx | sixteen-bytes-xx | is too long; write at most 15 bytes",
        "NAME_LIST | !öööööööö | öööööööö | is too long; write at most 15 bytes",
      })
  void theElementOfAListThatIsWrongIsNamed(Kind kind, String list, String element, String message) {
    assertThatThrownBy(() -> parsed(kind, 0, list))
        .hasMessage("reading --key: \"" + element + "\" " + message);
  }

  @Test
  void onlyPossibleValuesAreTakenAndTheNearestIsNamed() {
    ParamSpec mode = param(Kind.STRING, 8, "fast", "all");
    assertThat(ParameterValue.parse(mode, "--mode", "all").text()).isEqualTo("all");
    assertThatThrownBy(() -> ParameterValue.parse(mode, "--mode", "fats"))
        .hasMessage(
            "reading --mode: \"fats\" is none of its values; write fast, all; did you mean fast?");
    assertThatThrownBy(() -> ParameterValue.parse(mode, "--mode", "xyz"))
        .hasMessage("reading --mode: \"xyz\" is none of its values; write fast, all");
  }
}
