// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.columns.json.JsonEventReader;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JSON printer wrote is an event again, that prints the same in every mode. */
final class JsonEventReaderTest {
  private static final String[] NUMBERS = {"i8", "i64", "u8", "u32", "u64", "flag"};
  private static final DataSource ALL_TYPES =
      FakeSource.snapshot("types")
          .field("i8", FieldType.INT8, "")
          .field("i64", FieldType.INT64, "")
          .field("u8", FieldType.UINT8, "")
          .field("u32", FieldType.UINT32, "")
          .field("u64", FieldType.UINT64, "")
          .field("flag", FieldType.BOOL, "")
          .field("deep.f32", FieldType.FLOAT32, "")
          .field("deep.er.f64", FieldType.FLOAT64, "")
          .field("deep.er.text", FieldType.STRING, "")
          .field("raw", FieldType.BYTES, "")
          .field("list", FieldType.STRING_LIST, "")
          .field("hist", FieldType.HISTOGRAM, "")
          .build();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static EventView read(DataSource source, String line) {
    return new JsonEventReader(source, Map.of()).event(utf8(line), 0, utf8(line).length);
  }

  private static String printed(DataSource source, OutputMode mode, List<EventView> events) {
    Printed printed = new Printed();
    EventPrinter printer =
        new EventPrinter(List.of(source), Printed.options(mode), printed, printed);
    printer.opened(source);
    events.forEach(printer::event);
    printer.batchEnd(source);
    printer.ended(new EndCause.Stopped());
    return printed.text();
  }

  @ParameterizedTest
  @EnumSource(
      value = OutputMode.class,
      names = {"COLUMNS", "JSON", "JSON_PRETTY", "YAML"})
  void anEventOfAStreamPrintsAsItDidWhereItHappened(OutputMode mode) {
    FakeEvent original = OpenEvents.container();
    String line = printed(OpenEvents.SOURCE, OutputMode.JSON, List.of(original));
    EventView back = read(OpenEvents.SOURCE, line);
    assertThat(printed(OpenEvents.SOURCE, mode, List.of(back)))
        .isEqualTo(printed(OpenEvents.SOURCE, mode, List.of(original)));
  }

  @Test
  void arraysOfRandomEventsOfAllTypesPrintAgainAsTheyWere() {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      List<EventView> events = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        events.add(randomEvent(random));
      }
      String line = printed(ALL_TYPES, OutputMode.JSON, events);
      byte[] bytes = utf8("x" + line);
      List<EventView> back = new ArrayList<>();
      JsonEventReader reader = new JsonEventReader(ALL_TYPES, Map.of());
      reader.array(bytes, 1, bytes.length, event -> back.add(event.detached()));
      assertThat(printed(ALL_TYPES, OutputMode.JSON, back)).isEqualTo(line);
      assertThat(printed(ALL_TYPES, OutputMode.COLUMNS, back))
          .isEqualTo(printed(ALL_TYPES, OutputMode.COLUMNS, events));
      assertThat(reader.unknownMembers()).isZero();
    }
  }

  private static FakeEvent randomEvent(Random random) {
    FakeEvent event = new FakeEvent(ALL_TYPES);
    for (String number : NUMBERS) {
      if (random.nextInt(5) > 0) {
        event.set(number, number.equals("flag") ? random.nextInt(2) : random.nextLong());
      }
    }
    for (String number : new String[] {"i8", "u8", "u32"}) {
      event.set(number, number.equals("i8") ? (byte) random.nextInt() : random.nextInt(256));
    }
    event.setDouble("deep.f32", (float) random.nextGaussian() * 1e20f);
    event.setDouble("deep.er.f64", Double.longBitsToDouble(random.nextLong()));
    if (random.nextBoolean()) {
      event.setBytes("deep.er.text", randomBytes(random));
    }
    event.setBytes("raw", randomBytes(random));
    event.setBytes("list", randomBytes(random), new byte[0], randomBytes(random));
    return event.setSlots("hist", random.nextLong(9), 0, random.nextLong(1000) + 1);
  }

  /** Sometimes text with everything that must be escaped, sometimes no text at all. */
  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(12)];
    random.nextBytes(bytes);
    return random.nextBoolean()
        ? bytes
        : utf8("a\"\\\n\u001b\u00e4\u20ac\ud83d\ude00" + bytes.length);
  }

  @Test
  void whatIsNotInTheLineIsNotPresentUnlessItIsSupplied() {
    byte[] line = utf8("{\"fd\":3}");
    EventView event =
        new JsonEventReader(OpenEvents.SOURCE, Map.of("k8s.node", "node7"))
            .event(line, 0, line.length);
    assertThat(printed(OpenEvents.SOURCE, OutputMode.JSON, List.of(event)))
        .isEqualTo("{\"fd\":3,\"k8s\":{\"node\":\"node7\"}}\n");
  }

  @Test
  void membersThatTheSchemaDoesNotHaveArePassedOverAndCounted() {
    JsonEventReader reader = new JsonEventReader(OpenEvents.SOURCE, Map.of());
    byte[] line =
        utf8("{\"aa\":[1,{\"b\":null}],\"fd\":3,\"k8s\":{\"new\":true,\"node\":\"n\"},\"z\":-1e9}");
    EventView event = reader.event(line, 0, line.length);
    assertThat(reader.unknownMembers()).isEqualTo(3);
    assertThat(printed(OpenEvents.SOURCE, OutputMode.JSON, List.of(event)))
        .isEqualTo("{\"fd\":3,\"k8s\":{\"node\":\"n\"}}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"fd\":3",
        "{\"fd\":3}}",
        "{\"fd\":\"3\"}",
        "{\"fd\":3.5}",
        "{\"fname\":7}",
        "{\"fname\":\"\\ud800\"}",
        "{\"fname\":\"\\q\"}",
        "{\"fname_bytes\":\"a\"}",
        "{\"k8s\":1}",
        "[]",
        "{\"x\":nul}"
      })
  void whatIsNoEventIsRefused(String line) {
    assertThatThrownBy(() -> read(OpenEvents.SOURCE, line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("reading JSON: ")
        .hasMessageContaining(" of " + utf8(line).length);
  }

  @Test
  void bracketsNestedDeeplyDoNotExhaustTheStack() {
    String line = "{\"x\":" + "[".repeat(100_000) + "}";
    assertThatThrownBy(() -> read(OpenEvents.SOURCE, line)).hasMessageContaining("too deeply");
  }
}
