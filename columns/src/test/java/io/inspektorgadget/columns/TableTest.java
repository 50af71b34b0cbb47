// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.table.Decoration;
import io.inspektorgadget.columns.text.DisplayWidth;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final DataSource TEXTS =
      FakeSource.stream("texts")
          .field("a", FieldType.STRING, "", "columns.width", "8", "columns.fixed", "true")
          .field("b", FieldType.STRING, "", "columns.width", "8", "columns.fixed", "true")
          .build();

  private static int width(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return DisplayWidth.of(bytes, 0, bytes.length);
  }

  private static String cell(String value) {
    FakeEvent event = new FakeEvent(TEXTS).set("a", value).set("b", "|");
    return Printed.of(TEXTS, Printed.columns(40), event).lines().skip(1).findFirst().orElseThrow();
  }

  private static String styled(String value, String... annotations) {
    String[] all = new String[annotations.length + 4];
    System.arraycopy(annotations, 0, all, 0, annotations.length);
    all[annotations.length] = "columns.fixed";
    all[annotations.length + 1] = "true";
    all[annotations.length + 2] = "columns.width";
    all[annotations.length + 3] = "6";
    DataSource source =
        FakeSource.stream("s")
            .field("a", FieldType.STRING, "", all)
            .field("b", FieldType.STRING, "")
            .build();
    FakeEvent event = new FakeEvent(source).set("a", value).set("b", "|");
    String line =
        Printed.of(source, Printed.columns(60), event).lines().skip(1).findFirst().orElseThrow();
    return line.substring(0, line.indexOf('|'));
  }

  @Test
  void aTableFillsTheTerminal() throws Exception {
    GoldenFile.assertMatches(
        "open.columns-120.txt",
        Printed.of(
            OpenEvents.SOURCE, Printed.columns(120), OpenEvents.container(), OpenEvents.host()));
    GoldenFile.assertMatches(
        "open.columns-80.txt",
        Printed.of(
            OpenEvents.SOURCE,
            Printed.columns(80),
            OpenEvents.container().set("runtime.containerName", "a-very-long-container-name-here"),
            OpenEvents.host().set("fname", "/usr/lib/jvm/some/very/long/path/to/a/library.so")));
  }

  @Test
  void withoutAWidthNothingIsCut() throws Exception {
    GoldenFile.assertMatches(
        "open.columns-0.txt",
        Printed.of(
            OpenEvents.SOURCE,
            Printed.columns(0),
            OpenEvents.container(),
            OpenEvents.host().set("fname", "/a/path/that/is/longer/than/its/column/usually/is")));
  }

  @Test
  void aColumnShowsTheFieldThatReplacesItsOwn() {
    DataSource source =
        FakeSource.stream("s")
            .field(
                "addr_raw", FieldType.UINT32, "", "columns.replace", "addr", "columns.width", "9")
            .field("addr", FieldType.STRING, "", "columns.hidden", "true")
            .build();
    FakeEvent event = new FakeEvent(source).set("addr_raw", 1).set("addr", "localhost");
    assertThat(Printed.of(source, Printed.columns(0), event)).isEqualTo("ADDR_RAW\nlocalhost\n");
    // Only columns are for people; programs get what the field itself holds.
    assertThat(Printed.of(source, Printed.options(OutputMode.JSON), event))
        .isEqualTo("{\"addr\":\"localhost\",\"addr_raw\":1}\n");
  }

  @Test
  void chosenColumnsStandInTheOrderChosen() {
    PrinterOptions options =
        Printed.columns(0).withFields(FieldSelection.of(OutputMode.columnsOf("columns=fd,comm")));
    assertThat(Printed.of(OpenEvents.SOURCE, options, OpenEvents.host()))
        .isEqualTo("FD       COMM\n0        cat\n");
    PrinterOptions without =
        Printed.columns(0).withFields(FieldSelection.of("-runtime.containerName,-tid,+mode"));
    assertThat(Printed.of(OpenEvents.SOURCE, without, OpenEvents.host()).lines().findFirst())
        .hasValueSatisfying(header ->
            assertThat(header.split(" +"))
                .containsExactly("COMM", "PID", "FD", "ERROR", "FNAME", "MODE"));
  }

  @Test
  void aTerminalOfFiveColumnsStillGetsEveryColumn() {
    String text = Printed.of(OpenEvents.SOURCE, Printed.columns(5), OpenEvents.container());
    assertThat(text.lines()).hasSize(2);
    String header = text.lines().findFirst().orElseThrow();
    assertThat(header).contains("PID");
    PrinterOptions two = Printed.columns(5).withFields(FieldSelection.of("a,b"));
    DataSource free =
        FakeSource.stream("f")
            .field("a", FieldType.STRING, "")
            .field("b", FieldType.STRING, "")
            .build();
    FakeEvent event = new FakeEvent(free).set("a", "abcdef").set("b", "xy");
    assertThat(Printed.of(free, two, event)).isEqualTo("A  B\na… xy\n");
  }

  @Test
  void rowsAreNeverWiderThanTheTerminalIfItHoldsTheSmallestWidths() {
    Random random = new Random(99);
    for (int round = 0; round < 3_000; round++) {
      int columns = 1 + random.nextInt(6);
      FakeSource builder = FakeSource.stream("r");
      int smallest = columns - 1;
      for (int i = 0; i < columns; i++) {
        int min = 1 + random.nextInt(10);
        int usual = min + random.nextInt(20);
        int max = usual + random.nextInt(10);
        boolean fixed = random.nextInt(4) == 0;
        smallest += fixed ? usual : min;
        builder.field(
            "f" + i,
            FieldType.STRING,
            "",
            "columns.minwidth",
            "" + min,
            "columns.width",
            "" + usual,
            "columns.maxwidth",
            random.nextBoolean() ? "" + max : "",
            "columns.fixed",
            "" + fixed,
            "columns.alignment",
            random.nextBoolean() ? "left" : "right",
            "columns.ellipsis",
            List.of("end", "start", "middle", "none").get(random.nextInt(4)));
      }
      DataSource source = builder.build();
      int terminal = smallest + random.nextInt(60);
      FakeEvent event = new FakeEvent(source);
      for (int i = 0; i < columns; i++) {
        event.setBytes("f" + i, JsonTest.hostileBytes(random));
      }
      String text = Printed.of(source, Printed.columns(terminal), event);
      assertThat(text.lines()).hasSize(2).allMatch(line -> width(line) <= terminal);
    }
  }

  @Test
  void longValuesAreCutWhereTheColumnSays() {
    assertThat(styled("0123456789", "columns.ellipsis", "end")).isEqualTo("01234… ");
    assertThat(styled("0123456789", "columns.ellipsis", "start")).isEqualTo("…56789 ");
    assertThat(styled("0123456789", "columns.ellipsis", "middle")).isEqualTo("012…89 ");
    assertThat(styled("0123456789", "columns.ellipsis", "none")).isEqualTo("012345 ");
    assertThat(styled("012345", "columns.ellipsis", "middle")).isEqualTo("012345 ");
    assertThat(styled("01", "columns.alignment", "right")).isEqualTo("    01 ");
  }

  @Test
  void wideCharactersTakeTwoCells() {
    assertThat(styled("日本語日本語")).isEqualTo("日本…  ");
    assertThat(styled("日本語")).isEqualTo("日本語 ");
    assertThat(styled("日本語日本語", "columns.ellipsis", "middle")).isEqualTo("日…語  ");
    assertThat(styled("🚀🚀🚀🚀", "columns.alignment", "right")).isEqualTo(" 🚀🚀… ");
    assertThat(styled("e\u0301e\u0301")).isEqualTo("e\u0301e\u0301     ");
    assertThat(styled("abcdefghe\u0301", "columns.ellipsis", "start")).isEqualTo("…efghe\u0301 ");
  }

  @Test
  void hostileNamesDoNotReachTheTerminal() {
    assertThat(cell("a\u001b[2J")).isEqualTo("a\\x1b[2J |");
    assertThat(cell("a\nb")).isEqualTo("a\\nb     |");
    assertThat(cell("\u202eab")).isEqualTo("\\u202eab |");
    assertThat(cell("\u009b1m")).isEqualTo("\\u009b1m |");
    FakeEvent event =
        new FakeEvent(TEXTS).setBytes("a", new byte[] {'x', (byte) 0xff}).set("b", "|");
    assertThat(Printed.of(TEXTS, Printed.columns(40), event)).contains("x\\xff    |");
  }

  @Test
  void noOutputModeLetsControlCharactersThrough() {
    Random random = new Random(4);
    List<OutputMode> modes = List.of(OutputMode.COLUMNS, OutputMode.JSON, OutputMode.YAML);
    for (int round = 0; round < 6_000; round++) {
      FakeEvent event =
          new FakeEvent(TEXTS)
              .setBytes("a", JsonTest.hostileBytes(random))
              .setBytes("b", JsonTest.hostileBytes(random));
      String text = Printed.of(TEXTS, Printed.options(modes.get(round % 3)), event);
      assertThat(text)
          .matches("[^\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]*");
      assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(text);
    }
  }

  @Test
  void numbersFollowTheirAnnotations() {
    DataSource source =
        FakeSource.stream("n")
            .field("mask", FieldType.UINT64, "", "columns.hex", "true", "columns.width", "18")
            .field("load", FieldType.FLOAT64, "", "columns.precision", "3", "columns.width", "8")
            .field("cpu", FieldType.FLOAT64, "", "columns.alignment", "right")
            .field("ok", FieldType.BOOL, "")
            .field("args", FieldType.STRING_LIST, "")
            .field("id", FieldType.BYTES, "")
            .build();
    FakeEvent event =
        new FakeEvent(source)
            .set("mask", -1)
            .setDouble("load", 1.0005)
            .setDouble("cpu", -12.345)
            .set("ok", 1)
            .set("args", "ls", "-l")
            .setBytes("id", new byte[] {0, (byte) 0xab});
    assertThat(Printed.of(source, Printed.columns(0), event).lines().skip(1))
        .containsExactly(
            "0xffffffffffffffff 1.001              -12.35 true  ls -l            00ab");
  }

  @Test
  void anArraySourceHasAHeaderForEachTableAndIsRedrawn() {
    DataSource source =
        FakeSource.interval("top")
            .field("n", FieldType.UINT32, "")
            .annotation("cli.clear-screen-before", "true")
            .build();
    PrinterOptions options =
        Printed.columns(0)
            .withScreen(
                new PrinterOptions.Screen(() -> 0, new Decoration("<redraw>", "<b>", "</b>")));
    // The header stands there from the start, however long the first interval takes.
    assertThat(Printed.of(source, options, new FakeEvent(source).set("n", 1)))
        .isEqualTo("<redraw><b>N</b>\n<redraw><b>N</b>\n1\n");
    assertThat(Printed.of(source, options)).isEqualTo("<redraw><b>N</b>\n<redraw><b>N</b>\n");
    assertThat(Printed.of(source, Printed.columns(0))).isEqualTo("N\n");
  }

  @Test
  void eachTableIsFittedToTheWidthOfThatMoment() {
    DataSource source =
        FakeSource.interval("top")
            .field("a", FieldType.STRING, "")
            .field("b", FieldType.STRING, "")
            .build();
    AtomicInteger width = new AtomicInteger(30);
    PrinterOptions options =
        Printed.columns(0).withScreen(new PrinterOptions.Screen(width::get, Decoration.NONE));
    Printed printed = new Printed();
    EventPrinter printer = new EventPrinter(List.of(source), options, printed, printed);
    FakeEvent event = new FakeEvent(source).set("a", "0123456789abcdefghij").set("b", "|");
    printer.opened(source);
    for (int columns : List.of(30, 10, 60)) {
      width.set(columns);
      printer.event(event);
      printer.batchEnd(source);
    }
    printer.ended(new EndCause.Stopped());
    assertThat(printed.text().lines().filter(line -> line.contains("|")))
        .containsExactly("0123456789abcd… |", "0123… |", "0123456789abcdefghij           |");
  }

  @Test
  void widthsOfCharacters() {
    assertThat(DisplayWidth.of('a')).isEqualTo(1);
    assertThat(DisplayWidth.of(0xe9)).isEqualTo(1);
    assertThat(DisplayWidth.of(0x301)).isZero();
    assertThat(DisplayWidth.of(0x1100)).isEqualTo(2);
    assertThat(DisplayWidth.of(0x115f)).isEqualTo(2);
    assertThat(DisplayWidth.of(0x1160)).isEqualTo(1);
    assertThat(DisplayWidth.of(0x65e5)).isEqualTo(2);
    assertThat(DisplayWidth.of(0x1f680)).isEqualTo(2);
    assertThat(DisplayWidth.of(0x1f6d9)).isEqualTo(1);
    assertThat(DisplayWidth.of(0x2500)).isEqualTo(1);
  }
}
