// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonTest {
  private static final DataSource ALL_TYPES =
      FakeSource.stream("types")
          .field("i8", FieldType.INT8, "")
          .field("u8", FieldType.UINT8, "")
          .field("i64", FieldType.INT64, "")
          .field("u64", FieldType.UINT64, "")
          .field("u32", FieldType.UINT32, "")
          .field("flag", FieldType.BOOL, "")
          .field("f32", FieldType.FLOAT32, "")
          .field("f64", FieldType.FLOAT64, "")
          .field("text", FieldType.STRING, "")
          .field("raw", FieldType.BYTES, "")
          .field("list", FieldType.STRING_LIST, "")
          .field("hist", FieldType.HISTOGRAM, "")
          .build();

  @Test
  void anEventIsOneLineWithGroupsAndSortedKeys() throws Exception {
    String line =
        Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.JSON), OpenEvents.container());
    GoldenFile.assertMatches("open.json", line);
    assertThat(line).endsWith("}\n").doesNotContain("k8s");
    assertThat(parse(line)).containsEntry("runtime.containerName", "pre1");
  }

  @Test
  void groupsOfWhichNothingIsPresentAreLeftOut() throws Exception {
    String line =
        Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.JSON), OpenEvents.host());
    assertThat(line).doesNotContain("k8s").doesNotContain("runtime");
    assertThat(parse(line)).containsEntry("proc.creds.user", "root").containsEntry("fpath", "");
  }

  @Test
  void anEventOfWhichNothingIsPresentIsAnEmptyObject() {
    FakeEvent empty = new FakeEvent(OpenEvents.SOURCE);
    assertThat(Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.JSON), empty))
        .isEqualTo("{}\n");
    assertThat(Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.JSON_PRETTY), empty))
        .isEqualTo("{}\n");
  }

  @Test
  void prettyIsTheSameWithIndentation() throws Exception {
    String pretty =
        Printed.of(
            OpenEvents.SOURCE, Printed.options(OutputMode.JSON_PRETTY), OpenEvents.container());
    GoldenFile.assertMatches("open.pretty.json", pretty);
    String line =
        Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.JSON), OpenEvents.container());
    assertThat(parse(pretty)).isEqualTo(parse(line));
  }

  @Test
  void anArraySourceGivesOneArrayABatch() {
    DataSource source = FakeSource.snapshot("p").field("pid", FieldType.UINT32, "").build();
    FakeEvent one = new FakeEvent(source).set("pid", 1);
    FakeEvent two = new FakeEvent(source).set("pid", 2);
    PrinterOptions json = Printed.options(OutputMode.JSON);
    assertThat(Printed.of(source, json, one, two)).isEqualTo("[{\"pid\":1},{\"pid\":2}]\n");
    assertThat(Printed.of(source, json)).isEqualTo("[]\n");
    assertThat(Printed.of(source, Printed.options(OutputMode.JSON_PRETTY), one, two))
        .isEqualTo("[\n  {\n    \"pid\": 1\n  },\n  {\n    \"pid\": 2\n  }\n]\n");
  }

  @Test
  void everyTypeIsWrittenAsItIs() {
    FakeEvent event =
        new FakeEvent(ALL_TYPES)
            .set("i8", -128)
            .set("u8", 0xffff_ffff_ffff_ffffL)
            .set("i64", Long.MIN_VALUE)
            .set("u64", -1)
            .set("u32", -1)
            .set("flag", 1)
            .setDouble("f32", 0.1f)
            .setDouble("f64", Double.NaN)
            .set("text", "a\"b\\c\nd\u001b[31m\u009b\u202e\u007f\u00e9")
            .setBytes("raw", new byte[] {0, (byte) 0xff, 'a', 'b'})
            .set("list", "sh", "-c", "")
            .setSlots("hist", 1, 0, 7, 0);
    assertThat(Printed.of(ALL_TYPES, Printed.options(OutputMode.JSON), event))
        .isEqualTo(
            "{\"f32\":0.1,\"f64\":null,\"flag\":true,\"hist\":[{\"count\":1,\"end\":1,\"start\":0},"
                + "{\"count\":0,\"end\":3,\"start\":2},{\"count\":7,\"end\":7,\"start\":4}],"
                + "\"i64\":-9223372036854775808,\"i8\":-128,\"list\":[\"sh\",\"-c\",\"\"],"
                + "\"raw\":\"AP9hYg==\","
                + "\"text\":\"a\\\"b\\\\c\\nd\\u001b[31m\\u009b\\u202e\\u007f\u00e9\","
                + "\"u32\":4294967295,\"u64\":18446744073709551615,\"u8\":255}\n");
  }

  @Test
  void theLastSlotEndsAtTheLargestNumber() {
    long[] slots = new long[64];
    slots[63] = 5;
    FakeEvent event = new FakeEvent(ALL_TYPES).setSlots("hist", slots);
    assertThat(Printed.of(ALL_TYPES, Printed.options(OutputMode.JSON), event))
        .endsWith("{\"count\":5,\"end\":18446744073709551615,\"start\":9223372036854775808}]}\n");
  }

  @Test
  void invalidBytesAreReplacedAndGivenExactlyBeside() throws Exception {
    byte[] hostile = {'a', (byte) 0xc0, (byte) 0xaf, 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    FakeEvent event =
        new FakeEvent(ALL_TYPES)
            .setBytes("text", hostile)
            .setBytes("list", new byte[] {'x'}, new byte[] {(byte) 0xff});
    String line = Printed.of(ALL_TYPES, Printed.options(OutputMode.JSON), event);
    Map<String, Object> object = parse(line);
    assertThat(object.get("text")).isEqualTo("a\ufffd\ufffdb\ufffd\ufffd\ufffd");
    assertThat(object.get("text_bytes")).isEqualTo(Base64.getEncoder().encodeToString(hostile));
    assertThat(object.get("list")).isEqualTo(List.of("x", "\ufffd"));
    assertThat(object.get("list_bytes")).isEqualTo(List.of("eA==", "/w=="));
  }

  @Test
  void everyStringIsValidJsonAndLosesNothing() throws Exception {
    Random random = new Random(20261124);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = hostileBytes(random);
      FakeEvent event = new FakeEvent(ALL_TYPES).setBytes("text", bytes).setBytes("list", bytes);
      OutputMode mode = random.nextBoolean() ? OutputMode.JSON : OutputMode.JSON_PRETTY;
      String line = Printed.of(ALL_TYPES, Printed.options(mode), event);
      assertThat(line.chars().anyMatch(c -> (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0)))
          .isFalse();
      Map<String, Object> object = parse(line);
      if (isUtf8(bytes)) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(object)
            .containsEntry("text", text)
            .containsEntry("list", List.of(text))
            .doesNotContainKey("text_bytes");
      } else {
        String exact = Base64.getEncoder().encodeToString(bytes);
        assertThat(object)
            .containsEntry("text_bytes", exact)
            .containsEntry("list_bytes", List.of(exact));
      }
    }
  }

  @Test
  void floatsReadBackAsTheSame() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      double value =
          switch (round % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(100_000) / 100.0;
            case 2 -> random.nextGaussian();
            default -> random.nextLong();
          };
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        continue;
      }
      float narrow = Float.isInfinite((float) value) ? 0.25f : (float) value;
      FakeEvent event = new FakeEvent(ALL_TYPES).setDouble("f64", value).setDouble("f32", narrow);
      Map<String, Object> object =
          parse(Printed.of(ALL_TYPES, Printed.options(OutputMode.JSON), event));
      assertThat(Double.parseDouble(String.valueOf(object.get("f64")))).isEqualTo(value);
      assertThat(Float.parseFloat(String.valueOf(object.get("f32")))).isEqualTo(narrow);
    }
  }

  @Test
  void fieldsShortenTheObject() {
    assertThat(
            Printed.of(
                OpenEvents.SOURCE,
                Printed.fields(OutputMode.JSON, "fname,pid,proc.creds"),
                OpenEvents.host()))
        .isEqualTo(
            "{\"fname\":\"/etc/none\",\"proc\":{\"creds\":{\"gid\":0,\"group\":\"root\","
                + "\"uid\":0,\"user\":\"root\"},\"pid\":11868}}\n");
    assertThat(
            Printed.of(
                OpenEvents.SOURCE,
                Printed.fields(OutputMode.JSON, "-proc,-timestamp,-timestamp_raw"),
                OpenEvents.host()))
        .doesNotContain("proc")
        .doesNotContain("timestamp")
        .contains("\"fd\":0");
  }

  @Test
  void aFieldThatIsAlsoAGroupIsTheGroup() {
    DataSource source =
        FakeSource.stream("tcp")
            .computed("src", "l4endpoint", "")
            .field("src.addr", FieldType.STRING, "")
            .field("src.port", FieldType.UINT16, "")
            .field("secret", FieldType.UINT16, "", "json.skip", "true")
            .build();
    FakeEvent event =
        new FakeEvent(source)
            .set("src", "127.0.0.1:80")
            .set("src.addr", "127.0.0.1")
            .set("src.port", 80)
            .set("secret", 1);
    String expected = "{\"src\":{\"addr\":\"127.0.0.1\",\"port\":80}}\n";
    assertThat(Printed.of(source, Printed.options(OutputMode.JSON), event)).isEqualTo(expected);
    assertThat(Printed.of(source, Printed.fields(OutputMode.JSON, "src"), event))
        .isEqualTo(expected);
  }

  /** Random bytes of a kind that breaks writers: controls, quotes, cut and wrong sequences. */
  static byte[] hostileBytes(Random random) {
    StringBuilder text = new StringBuilder();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/\u007f\u0085\u009b\u202e\u2028\ufeff".charAt(random.nextInt(9));
            case 2 -> 0x10000 + random.nextInt(0x10ffff - 0x10000);
            case 3 -> random.nextInt(0xd800);
            default -> 'a' + random.nextInt(26);
          });
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** The values of an object by their full names; lists as lists. */
  static Map<String, Object> parse(String json) {
    Map<String, Object> values = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      readObject(parser, "", values);
      assertThat(parser.nextToken()).isNull();
    }
    return values;
  }

  private static void readObject(JsonParser parser, String prefix, Map<String, Object> values) {
    String previous = "";
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      assertThat(key).isGreaterThan(previous);
      previous = key;
      switch (parser.nextToken()) {
        case START_OBJECT -> readObject(parser, prefix + key + ".", values);
        case START_ARRAY -> {
          List<String> list = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(parser.getString());
          }
          values.put(prefix + key, list);
        }
        default -> values.put(prefix + key, parser.getString());
      }
    }
  }
}
