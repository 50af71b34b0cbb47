// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.json.JsonTokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

class JsonTokensTest {
  private static JsonTokens tokens(String json) {
    return new JsonTokens(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsEveryKindOfValue() {
    JsonTokens in =
        tokens(" {\"a\" : [ 1, -20 ,\"x\"], \"b\":{}, \"c\":true,\"d\":false,\"e\":null}");
    assertThat(in.next()).isEqualTo(Token.START_OBJECT);
    assertThat(in.nextName()).isEqualTo("a");
    assertThat(in.next()).isEqualTo(Token.START_ARRAY);
    assertThat(in.next()).isEqualTo(Token.NUMBER);
    assertThat(in.intValue()).isEqualTo(1);
    in.next();
    assertThat(in.intValue()).isEqualTo(-20);
    assertThat(in.next()).isEqualTo(Token.STRING);
    assertThat(in.string()).isEqualTo("x");
    assertThat(in.next()).isEqualTo(Token.END_ARRAY);
    assertThat(in.nextName()).isEqualTo("b");
    assertThat(in.next()).isEqualTo(Token.START_OBJECT);
    assertThat(in.nextName()).isNull();
    assertThat(in.nextName()).isEqualTo("c");
    in.next();
    assertThat(in.booleanValue()).isTrue();
    assertThat(in.nextName()).isEqualTo("d");
    in.next();
    assertThat(in.booleanValue()).isFalse();
    assertThat(in.nextName()).isEqualTo("e");
    assertThat(in.next()).isEqualTo(Token.NULL);
    assertThat(in.nextName()).isNull();
  }

  @Test
  void skipsWhatIsInside() {
    JsonTokens in = tokens("{\"a\":{\"b\":[[1],{\"c\":[]}],\"d\":\"}\"},\"e\":7}");
    in.next();
    in.nextName();
    in.next();
    in.skipChildren();
    assertThat(in.current()).isEqualTo(Token.END_OBJECT);
    assertThat(in.nextName()).isEqualTo("e");
    in.next();
    in.skipChildren();
    assertThat(in.intValue()).isEqualTo(7);
  }

  @Test
  void readsWholeNumbersOf64BitsAndNothingElseAsSuch() {
    JsonTokens in = tokens("[-9223372036854775808, 9223372036854775808, 1.5, 1-2, \"7\", 7]");
    in.next();
    in.next();
    assertThat(in.longValue()).isEqualTo(Long.MIN_VALUE);
    for (int i = 0; i < 4; i++) {
      in.next();
      assertThat(in.longValue()).isNull();
    }
    in.next();
    assertThat(in.longValue()).isEqualTo(7);
  }

  @Test
  void whatIsSkippedMustBeJsonToo() {
    JsonTokens in = tokens("{\"a\":{\"b\":\"\\x\"}}");
    in.next();
    in.nextName();
    in.next();
    assertThatThrownBy(in::skipChildren).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsAnyTextThatAWriterWrites() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        int kind = random.nextInt(4);
        int limit = kind == 0 ? 0x20 : kind == 1 ? 0x80 : kind == 2 ? 0xd800 : 0x10ffff;
        int codePoint = random.nextInt(limit);
        boolean isSurrogate = codePoint >= 0xd800 && codePoint < 0xe000;
        text.appendCodePoint(isSurrogate ? '\\' : codePoint);
      }
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      try (JsonGenerator out =
          new JsonFactory().createGenerator(ObjectWriteContext.empty(), json)) {
        out.writeString(text.toString());
      }
      JsonTokens in = new JsonTokens(json.toByteArray());
      assertThat(in.next()).isEqualTo(Token.STRING);
      assertThat(in.string()).isEqualTo(text.toString());
    }
  }

  @Test
  void readsEscapesOfEveryForm() {
    JsonTokens in = tokens("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\uDE00x\"");
    in.next();
    assertThat(in.string()).isEqualTo("\"\\/\b\f\n\r\t\u00e4\uD83D\uDE00x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1 2]",
        "[,1]",
        "[1,,2]",
        "[1",
        "[\"a",
        "[\"\\x\"]",
        "[\"\\u12g4\"]",
        "[tru]",
        "[}",
        "[\u0001]",
        "[\"\n\"]",
        "[+]",
        "[1.5]",
        "[99999999999]"
      })
  void refusesWhatIsNoJsonAndSaysWhere(String json) {
    JsonTokens in = tokens("\n" + json);
    assertThatThrownBy(
            () -> {
              in.next();
              while (in.next() != Token.END_ARRAY) {
                in.intValue();
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2, column ");
  }

  @Test
  void refusesWhatIsNestedWithoutEnd() {
    JsonTokens in = tokens("[".repeat(1_000));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                in.next();
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in each other");
  }
}
