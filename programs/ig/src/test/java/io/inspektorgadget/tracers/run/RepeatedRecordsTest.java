// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.json.JsonWriter;
import io.inspektorgadget.columns.yaml.YamlWriter;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.tracers.event.BootClock;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.format.FormatterFactory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A writer that copies what an earlier event said writes what one without a memory writes. */
class RepeatedRecordsTest {
  private static final int RECORDS = 5_000;
  private static final int LENGTH = 128;
  private static final int TAIL = 104;

  private static EventWriter writer(OutputMode mode, DataSource source) {
    List<FieldSpec> fields = source.schema().fields();
    return mode == OutputMode.YAML
        ? new YamlWriter(source, fields)
        : new JsonWriter(source, fields, mode == OutputMode.JSON_PRETTY);
  }

  private static ContainerInfo container(int number, PodInfo pod) {
    String id = "c" + number;
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo("runc", id, "name-" + number, "image", "", number),
        number,
        new ContainerInfo.MountNs(number, number),
        number,
        new ContainerInfo.Cgroup(number, "/" + id),
        "/bundle",
        pod,
        Map.of());
  }

  /** Few values for each byte, so that much comes again and anything may change. */
  private static void change(MemorySegment record, Random random, DataSource source) {
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      record.set(
          ValueLayout.JAVA_BYTE, random.nextInt(LENGTH), (byte) "\"a\n".charAt(random.nextInt(3)));
    }
    if (random.nextInt(20) == 0) {
      record.fill((byte) random.nextInt(2));
    }
    int name = OpenRecords.offset(source.schema(), "fname");
    record.set(ValueLayout.JAVA_SHORT_UNALIGNED, name, (short) TAIL);
    record.set(ValueLayout.JAVA_SHORT_UNALIGNED, name + 2, (short) random.nextInt(LENGTH - TAIL));
    record.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, random.nextLong());
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "JSON_PRETTY", "YAML"})
  void writesTheSameAsAWriterWithoutAMemory(OutputMode mode) throws IOException {
    GadgetSpec spec = OpenRecords.gadget();
    DataSource source = spec.sources().getFirst().source();
    ContainerInfo[] containers = {
      container(1, PodInfo.NONE),
      container(1, PodInfo.NONE),
      container(17, new PodInfo("default", "pod", "uid", "main", Map.of("app", "web"), "", ""))
    };
    try (BpfObject object = OpenRecords.object(spec);
        FormatterFactory formatters =
            new FormatterFactory(object, HostFilesystem.ofEnvironment(), "node");
        Arena arena = Arena.ofConfined()) {
      BootClock clock = new BootClock(() -> 0, () -> 1_000);
      RecordView view = new RecordView(source, formatters.forSchema(source.schema()), clock);
      MemorySegment record = arena.allocate(LENGTH, Long.BYTES);
      EventWriter remembering = writer(mode, source);
      TextBuffer actual = new TextBuffer(1_024);
      TextBuffer expected = new TextBuffer(1_024);
      Random random = new Random(20_261_124);
      for (int i = 0; i < RECORDS; i++) {
        change(record, random, source);
        int owner = random.nextInt(2 * containers.length);
        int length = random.nextInt(10) == 0 ? random.nextInt(LENGTH) : LENGTH;
        view.wrap(record, 0, length, owner < containers.length ? containers[owner] : null);
        actual.clear();
        remembering.event(view, actual);
        expected.clear();
        writer(mode, source).event(view, expected);
        assertThat(actual.toByteArray()).as("record " + i).isEqualTo(expected.toByteArray());
      }
    }
  }
}
