// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.columns.PrinterOptions.Rows;
import io.inspektorgadget.columns.field.FieldSelection;
import io.inspektorgadget.columns.field.UnknownFieldException;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.LossReport.Stage;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrinterTest {
  private static final DataSource TOP =
      FakeSource.interval("top")
          .field("name", FieldType.STRING, "")
          .field("reads_raw", FieldType.UINT64, "gadget_bytes", "columns.hidden", "true")
          .computed("reads", "bytes", "reads_raw")
          .field("load", FieldType.FLOAT64, "")
          .field("delta", FieldType.INT16, "")
          .field("hist", FieldType.HISTOGRAM, "", "columns.hidden", "true")
          .annotation("sort", "-reads,name")
          .annotation("cli.default-output-mode", "columns")
          .build();

  private static final DataSource PROCESSES =
      FakeSource.snapshot("processes")
          .field("comm", FieldType.STRING, "gadget_comm")
          .field("pid", FieldType.UINT32, "gadget_pid")
          .field("tid", FieldType.UINT32, "gadget_tid")
          .field("ppid", FieldType.UINT32, "gadget_ppid")
          .build();

  private static FakeEvent row(String name, long reads, double load, int delta) {
    return new FakeEvent(TOP)
        .set("name", name)
        .set("reads_raw", reads)
        .set("reads", reads + "B")
        .setDouble("load", load)
        .set("delta", delta);
  }

  private static FakeEvent process(String comm, int pid, int tid, int ppid) {
    return new FakeEvent(PROCESSES)
        .set("comm", comm)
        .set("pid", pid)
        .set("tid", tid)
        .set("ppid", ppid);
  }

  private static String names(String sort, int entriesMax) {
    PrinterOptions options =
        Printed.fields(OutputMode.COLUMNS, "name").withRows(new Rows(List.of(), sort, entriesMax));
    FakeEvent[] rows = {
      row("b", 9, 0.5, -1), row("a", 9, -2.5, 3), row("c", 100, 0.25, -7), row("d", -1, 7, 2)
    };
    return Printed.of(TOP, options, rows).replace("\n", " ").strip();
  }

  @Test
  void rowsOfABatchAreSorted() {
    assertThat(names("", -1)).isEqualTo("NAME d c a b");
    assertThat(names("name", -1)).isEqualTo("NAME a b c d");
    assertThat(names("-name", 2)).isEqualTo("NAME d c");
    assertThat(names("reads,-name", -1)).isEqualTo("NAME b a c d");
    assertThat(names("load", -1)).isEqualTo("NAME a c b d");
    assertThat(names("delta", -1)).isEqualTo("NAME c b d a");
    assertThat(names("name", 0)).isEqualTo("NAME");
  }

  @Test
  void rowsWithoutTheValueStandLast() {
    PrinterOptions options =
        Printed.fields(OutputMode.JSON, "name").withRows(new Rows(List.of(), "-delta", -1));
    FakeEvent without = new FakeEvent(TOP).set("name", "x");
    assertThat(Printed.of(TOP, options, without, row("y", 1, 1, -9)))
        .isEqualTo("[{\"name\":\"y\"},{\"name\":\"x\"}]\n");
  }

  @Test
  void wishesThatDoNotSuitTheSourceAreRefusedBeforeTheRun() {
    Printed printed = new Printed();
    assertThatThrownBy(() ->
            new EventPrinter(
                List.of(TOP),
                PrinterOptions.USUAL.withRows(new Rows(List.of(), "raeds", -1)),
                printed,
                printed))
        .isInstanceOf(UnknownFieldException.class)
        .hasMessage("sorting by raeds: top has no field \"raeds\"; did you mean reads?");
    assertThatThrownBy(() ->
            new EventPrinter(
                List.of(OpenEvents.SOURCE),
                PrinterOptions.USUAL.withRows(new Rows(List.of(), "fd", -1)),
                printed,
                printed))
        .hasMessageContaining("events of open come one by one");
    assertThatThrownBy(() -> Printed.of(TOP, Printed.fields(OutputMode.JSON, "nmae")))
        .hasMessage("choosing the fields nmae: top has no field \"nmae\"; did you mean name?");
    assertThatThrownBy(() -> Printed.of(PROCESSES, Printed.fields(OutputMode.COLUMNS, "a,,b")))
        .isInstanceOf(UnknownFieldException.class);
    assertThatThrownBy(
            () -> Printed.of(PROCESSES, Printed.fields(OutputMode.JSON, "-comm,-pid,-tid,-ppid")))
        .hasMessageContaining("nothing is left to show");
    assertThatThrownBy(() -> Printed.of(TOP, Printed.options(OutputMode.TREE)))
        .hasMessageContaining("showing top as a tree");
    assertThatThrownBy(() -> Printed.of(PROCESSES, Printed.options(OutputMode.HISTOGRAM)))
        .hasMessageContaining("showing processes as a histogram");
    assertThatThrownBy(() -> OutputMode.parse("jsn"))
        .hasMessageContaining("did you mean json?")
        .hasMessageContaining("columns, json, jsonpretty, yaml");
  }

  private static String chosen(OutputMode mode, Printed printed, DataSource... sources) {
    EventPrinter printer =
        EventPrinter.ofChosenMode(List.of(sources), Printed.options(mode), printed, printed);
    for (DataSource source : sources) {
      printer.opened(source);
      printer.event(new FakeEvent(source).set("x", 7));
    }
    printer.ended(new EndCause.Stopped());
    return printed.text();
  }

  private static FakeSource stream(String name) {
    return FakeSource.stream(name).field("x", FieldType.INT32, "");
  }

  @Test
  void aModeThatASourceDoesNotSupportIsRefusedWithThoseThatItDoes() {
    DataSource source =
        stream("few").annotation("cli.supported-output-modes", "json, advise,yaml").build();
    assertThat(chosen(OutputMode.JSON, new Printed(), source)).isEqualTo("{\"x\":7}\n");
    assertThat(chosen(OutputMode.NONE, new Printed(), source)).isEmpty();
    // Columns are not among them: the first that is stands for them.
    assertThat(chosen(OutputMode.USUAL, new Printed(), source)).isEqualTo("{\"x\":7}\n");
    assertThatThrownBy(() -> chosen(OutputMode.COLUMNS, new Printed(), source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("choosing the output mode: few is not shown as columns, only as json, yaml");
  }

  @Test
  void ofTwoSourcesTheOneThatDoesNotSupportTheModeIsLeftOut() {
    DataSource few = stream("few").annotation("cli.supported-output-modes", "columns").build();
    Printed printed = new Printed();
    assertThat(chosen(OutputMode.JSON, printed, few, stream("all").build()))
        .isEqualTo("{\"x\":7}\n");
    assertThat(printed.warnings).containsExactly("few is not shown as json, only as columns");
  }

  @Test
  void whatASourceCallsItsUsualModeIsUsedUnlessAnotherIsChosen() {
    DataSource source = stream("quiet").annotation("cli.default-output-mode", "json").build();
    assertThat(chosen(OutputMode.USUAL, new Printed(), source)).isEqualTo("{\"x\":7}\n");
    assertThat(chosen(OutputMode.COLUMNS, new Printed(), source)).isEqualTo("X\n7\n");
    DataSource none = stream("helper").annotation("cli.default-output-mode", "none").build();
    assertThat(chosen(OutputMode.USUAL, new Printed(), none)).isEmpty();
  }

  @Test
  void modesOfPartsThatDoNotRunHereRestrictNothing() {
    DataSource source = stream("text").annotation("cli.supported-output-modes", "advise").build();
    assertThat(OutputMode.namesFor(source)).isEqualTo(OutputMode.NAMES);
  }

  @Test
  void modesAreFoundByTheirWords() {
    for (String name : OutputMode.NAMES) {
      assertThat(OutputMode.parse(name).word()).isEqualTo(name);
    }
    assertThat(OutputMode.parse("")).isEqualTo(OutputMode.USUAL);
    assertThat(OutputMode.parse("columns=a")).isEqualTo(OutputMode.COLUMNS);
    assertThat(OutputMode.columnsOf("columns=a,b")).isEqualTo("a,b");
    assertThat(OutputMode.columnsOf("json")).isEmpty();
  }

  @Test
  void processesAreATree() throws Exception {
    FakeEvent[] rows = {
      process("init", 1, 1, 0),
      process("kworker", 2, 2, 0),
      process("sshd", 10, 10, 1),
      process("bash", 11, 11, 10),
      process("java", 12, 12, 11),
      process("GC\u001b[2J", 12, 13, 11),
      process("sleep", 14, 14, 11),
      process("cron", 20, 20, 1),
      process("orphan", 30, 30, 29),
      process("ring1", 40, 40, 41),
      process("ring2", 41, 41, 40)
    };
    GoldenFile.assertMatches(
        "processes.tree.txt", Printed.of(PROCESSES, Printed.options(OutputMode.TREE), rows));
  }

  @Test
  void theParentCanBeMarkedInTheMetadata() {
    DataSource marked =
        FakeSource.snapshot("jobs")
            .field("comm", FieldType.STRING, "")
            .field("id", FieldType.UINT32, "")
            .field("boss", FieldType.UINT32, "", "formatters.tree.parent", "id")
            .annotation("cli.default-output-mode", "tree")
            .build();
    FakeEvent one = new FakeEvent(marked).set("comm", "one").set("id", 1).set("boss", 0);
    FakeEvent two = new FakeEvent(marked).set("comm", "two").set("id", 2).set("boss", 1);
    assertThat(Printed.of(marked, PrinterOptions.USUAL, two, one))
        .isEqualTo(
            """
            ID         BOSS       COMM
            1          0          one
            2          1          └─ two
            """);
  }

  @Test
  void aTreeOfAnyDepthHasEveryRowOnce() {
    Random random = new Random(8);
    for (int round = 0; round < 30; round++) {
      int count = 1 + random.nextInt(2_000);
      FakeEvent[] rows = new FakeEvent[count];
      boolean chain = round % 2 == 0;
      for (int i = 0; i < count; i++) {
        rows[i] = process("p" + i, i + 1, i + 1, chain ? i : random.nextInt(count + 2));
      }
      String text = Printed.of(PROCESSES, Printed.options(OutputMode.TREE), rows);
      assertThat(text.lines().skip(1).map(l -> l.substring(l.lastIndexOf('p'))).distinct())
          .hasSize(count);
      assertThat(text.lines()).hasSize(count + 1);
    }
  }

  @Test
  void yamlIsADocumentForEachEvent() throws Exception {
    GoldenFile.assertMatches(
        "open.yaml",
        Printed.of(
            OpenEvents.SOURCE,
            Printed.options(OutputMode.YAML),
            OpenEvents.container(),
            OpenEvents.host().set("fname", "no").set("fpath", "a: \"b\"\n")));
  }

  @Test
  void yamlOfAnArraySourceIsAList() {
    DataSource source =
        FakeSource.snapshot("s")
            .field("g.pid", FieldType.UINT32, "")
            .field("g.y", FieldType.STRING, "")
            .field("name", FieldType.STRING, "")
            .build();
    PrinterOptions yaml = Printed.options(OutputMode.YAML);
    FakeEvent one = new FakeEvent(source).set("g.pid", 1).set("g.y", "true").set("name", "/bin/x");
    FakeEvent none = new FakeEvent(source);
    FakeEvent some = new FakeEvent(source).set("name", "process-1");
    assertThat(Printed.of(source, yaml, one, none, some))
        .isEqualTo(
            """
            ---
            - g:
                pid: 1
                "y": "true"
              name: /bin/x
            - {}
            - name: process-1
            """);
    assertThat(Printed.of(source, yaml)).isEqualTo("--- []\n");
  }

  @Test
  void histogramsAreDrawn() throws Exception {
    DataSource source =
        FakeSource.interval("blockio")
            .field("dev", FieldType.STRING, "")
            .field("latency", FieldType.HISTOGRAM, "", "unit", "µs")
            .build();
    long[] slots = new long[27];
    slots[3] = 1;
    slots[4] = 20;
    slots[5] = 40;
    slots[7] = 3;
    FakeEvent event = new FakeEvent(source).set("dev", "8:0").setSlots("latency", slots);
    FakeEvent empty = new FakeEvent(source).set("dev", "8:1").setSlots("latency", new long[27]);
    GoldenFile.assertMatches(
        "blockio.histogram.txt", Printed.of(source, PrinterOptions.USUAL, event, empty));
  }

  @Test
  void eventsGoOutWhenTheBatchEndsAndNothingElseDoes() {
    Printed printed = new Printed();
    PrinterOptions options =
        Printed.options(OutputMode.JSON)
            .withFields(FieldSelection.of("fd"))
            .withRows(new Rows(List.of("fd>5"), "", -1));
    EventPrinter printer = new EventPrinter(List.of(OpenEvents.SOURCE), options, printed, printed);
    printer.opened(OpenEvents.SOURCE);
    printer.event(OpenEvents.host().set("fd", 6));
    printer.event(OpenEvents.host().set("fd", 5));
    assertThat(printed.text()).isEmpty();
    int flushes = printed.flushes;
    printer.batchEnd(OpenEvents.SOURCE);
    assertThat(printed.text()).isEqualTo("{\"fd\":6}\n");
    assertThat(printed.flushes).isEqualTo(flushes + 1);
    printer.warning("no\u001b[1mway");
    assertThat(printed.warnings).containsExactly("no\\x1b[1mway");
    printer.ended(new EndCause.Stopped());
    assertThat(printed.losses).isEmpty();
    assertThat(printed.text()).isEqualTo("{\"fd\":6}\n");
  }

  @Test
  void fieldsCanBeChosenForEachSource() {
    DataSource a =
        FakeSource.stream("a")
            .field("x", FieldType.INT32, "")
            .field("y", FieldType.INT32, "")
            .build();
    DataSource b = FakeSource.stream("b").field("z", FieldType.INT32, "").build();
    Printed printed = new Printed();
    EventPrinter printer =
        new EventPrinter(
            List.of(a, b), Printed.fields(OutputMode.JSON, "a:-x; b:z"), printed, printed);
    printer.event(new FakeEvent(a).set("x", 1).set("y", 2));
    printer.event(new FakeEvent(b).set("z", 3));
    printer.ended(new EndCause.TimedOut());
    assertThat(printed.text()).isEqualTo("{\"y\":2}\n{\"z\":3}\n");
  }

  @Test
  void modeNonePrintsNothing() {
    assertThat(Printed.of(OpenEvents.SOURCE, Printed.options(OutputMode.NONE), OpenEvents.host()))
        .isEmpty();
  }

  @Test
  void streamsThatAlternateHaveTheirHeaderEachTime() {
    DataSource a = FakeSource.stream("a").field("x", FieldType.INT32, "").build();
    DataSource b = FakeSource.stream("b").field("y", FieldType.INT32, "").build();
    Printed printed = new Printed();
    PrinterOptions options = Printed.columns(0).withRows(new Rows(List.of("y<9"), "", -1));
    EventPrinter printer = new EventPrinter(List.of(a, b), options, printed, printed);
    printer.opened(a);
    printer.opened(b);
    printer.event(new FakeEvent(a).set("x", 1));
    printer.event(new FakeEvent(b).set("y", 9));
    printer.event(new FakeEvent(a).set("x", 2));
    printer.event(new FakeEvent(b).set("y", 3));
    printer.ended(new EndCause.Completed());
    assertThat(printed.text()).isEqualTo("X\n1\n2\nY\n3\n");
  }

  @Test
  void lossesAreToldAtOnceAndAtTheEnd() {
    Printed printed = new Printed();
    EventPrinter printer =
        new EventPrinter(List.of(OpenEvents.SOURCE), PrinterOptions.USUAL, printed, printed);
    printer.loss(new LossReport(Stage.KERNEL_RING, "open", 1, 1));
    printer.loss(new LossReport(Stage.KERNEL_RING, "open", 41, 42));
    printer.loss(new LossReport(Stage.CLIENT, "open", 2, 2));
    printer.loss(new LossReport(Stage.LATE_START, "containers", 1, 3));
    printer.loss(new LossReport(Stage.FILTER_FULL, "containers", 2, 2));
    assertThat(printer.lostTotal()).isEqualTo(49);
    printer.ended(new EndCause.Stopped());
    assertThat(printed.losses)
        .containsExactly(
            "lost 1 event of open in the kernel: its ring buffer was full; a larger --ring-size may"
                + " help (1 since the start)",
            "lost 41 events of open in the kernel: its ring buffer was full; a larger --ring-size"
                + " may help (42 since the start)",
            "lost 2 events of open on the way: the reader was too slow (2 since the start)",
            "lost perhaps the first events of containers: 1 start went on after 200 ms, before this"
                + " run was told (late) (3 since the start)",
            "lost all events of containers: no room in the kernel's filter for 2 mount namespaces;"
                + " choose fewer containers (2 since the start)",
            "lost in total: 42 events of open in the kernel: its ring buffer was full; a larger"
                + " --ring-size may help; 2 events of open on the way: the reader was too slow;"
                + " perhaps the first events of containers: 3 starts went on after 200 ms, before"
                + " this run was told (late); all events of containers: no room in the kernel's"
                + " filter for 2 mount namespaces; choose fewer containers");
    assertThat(printed.text()).doesNotContain("lost");
  }

  @Test
  void lossesOfAJsonRunAreJson() {
    Printed printed = new Printed();
    EventPrinter printer =
        new EventPrinter(
            List.of(OpenEvents.SOURCE), Printed.options(OutputMode.JSON), printed, printed);
    printer.loss(new LossReport(Stage.KERNEL_MAP, "start\"s", 3, 5));
    printer.loss(new LossReport(Stage.LATE_START, "containers", 1, 1));
    printer.ended(new EndCause.Stopped());
    assertThat(printed.losses)
        .containsExactly(
            "{\"loss\":{\"count\":3,\"source\":\"start\\\"s\","
                + "\"stage\":\"kernel-map\",\"total\":5}}",
            "{\"loss\":{\"count\":1,\"source\":\"containers\","
                + "\"stage\":\"late-start\",\"total\":1}}",
            "{\"losses\":[{\"source\":\"start\\\"s\",\"stage\":\"kernel-map\",\"total\":5},"
                + "{\"source\":\"containers\",\"stage\":\"late-start\",\"total\":1}]}");
    assertThat(printed.text()).isEmpty();
  }

  @Test
  void aSinkThatCannotWriteEndsTheRun() {
    ByteSink full =
        new ByteSink() {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}
        };
    EventPrinter printer =
        new EventPrinter(
            List.of(OpenEvents.SOURCE), Printed.options(OutputMode.JSON), full, new Printed());
    printer.event(OpenEvents.host());
    assertThatThrownBy(() -> printer.batchEnd(OpenEvents.SOURCE))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("No space left on device");
    // The run ends because of it; its end must not fail again.
    printer.ended(new EndCause.Failed(new IOException("No space left on device")));
  }

  @Test
  void aBatchThatTheRunCutShortIsCompleted() {
    for (String sort : List.of("", "name")) {
      Printed printed = new Printed();
      PrinterOptions options =
          Printed.fields(OutputMode.JSON, "name").withRows(new Rows(List.of(), sort, -1));
      EventPrinter printer = new EventPrinter(List.of(TOP), options, printed, printed);
      printer.opened(TOP);
      printer.event(row("a", 1, 1, 1));
      printer.ended(new EndCause.Stopped());
      assertThat(printed.text()).isEqualTo("[{\"name\":\"a\"}]\n");
    }
  }
}
