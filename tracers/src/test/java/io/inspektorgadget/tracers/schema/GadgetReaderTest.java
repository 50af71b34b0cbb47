// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin.Computed;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldOrigin.Stored;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GadgetReaderTest {
  private static final String YAML =
      """
      name: everything
      description: Shows everything
      homepageURL: https://example.org
      annotations:
        category: trace
        names: all,allsnoop
      dataSources:
        ALL:
          annotations:
            ebpf.rest.name: rest
          fields:
            proc:
              annotations:
                description: Who did it
            asked:
              annotations:
                formatters.errno.target: answer
            argv:
              annotations:
                formatters.join.target: args
                formatters.join.separator: "\\u00a0"
            traits_raw:
              annotations:
                ebpf.formatter.bitfield.separator: "+"
            proc.creds.uid:
              annotations:
                columns.hidden: false
            text:
              tags: [one, two]
              annotations:
                columns.width: 12
      params:
        ebpf:
          failed:
            key: failed
            alias: f
            defaultValue: 'true'
            description: Only what failed
          port:
            isMandatory: true
            possibleValues: ['80', '443']
        custom:
          fancy:
            key: fancy
      hooks:
        rows: [walk, walk_more]
        more: [walk_more, none]
      programs:
        emit:
          sampler:
            frequency: 49
      """;

  private final GadgetSpec gadget = TestObjects.read("everything", YAML);
  private final DataSource all = source("all");

  private DataSource source(String name) {
    return gadget.sources().stream()
        .map(GadgetSpec.SourceSpec::source)
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private FieldSpec field(String name) {
    return Objects.requireNonNull(all.schema().field(name), name);
  }

  private Stored stored(String name) {
    return (Stored) field(name).origin();
  }

  @Test
  void findsEverySourceAndWhatFeedsIt() {
    assertThat(gadget.sources())
        .extracting(s -> s.source().name(), s -> s.source().kind(), GadgetSpec.SourceSpec::feed)
        .containsExactly(
            tuple("all", DataSource.Kind.STREAM, new Feed.Ring("events")),
            tuple(
                "rows",
                DataSource.Kind.SNAPSHOT,
                new Feed.Iterators(List.of("walk", "walk_more"), 8)),
            tuple("processes", DataSource.Kind.SNAPSHOT, new Feed.Iterators(List.of("walk"), 64)),
            tuple("sums", DataSource.Kind.INTERVAL, new Feed.MapEntries("sums", 4, 8, 120)));
  }

  @Test
  void takesOverWhatGadgetYamlSaysOfTheWhole() {
    assertThat(gadget.description()).isEqualTo("Shows everything");
    assertThat(gadget.names()).containsExactly("all", "allsnoop");
    assertThat(gadget.hooks())
        .containsEntry("rows", List.of("walk", "walk_more"))
        .containsEntry("more", List.of("walk_more", GadgetSpec.NO_HOOK));
    assertThat(gadget.annotations())
        .containsEntry("homepageURL", "https://example.org")
        .containsEntry("programs.emit.sampler.frequency", "49")
        .containsEntry("unsupported", "params.custom.fancy");
    assertThat(all.annotation("proc.description")).isEqualTo("Who did it");
  }

  @Test
  void aStackBehindTheTextsIsThereOnlyIfTheyBeginBehindIt() {
    EventSchema late = TestObjects.read("late_stack", null).sources().getFirst().source().schema();
    assertThat(Objects.requireNonNull(late.field("ustack_raw.major")).origin())
        .isEqualTo(new Stored(Encoding.OPTIONAL, 24, 4, 4));
    assertThat(Objects.requireNonNull(late.field("n")).origin())
        .isEqualTo(new Stored(Encoding.FIXED, 0, 4, 4));
    // In front of the texts it is always there.
    assertThat(stored("user_stack_raw.major").encoding()).isEqualTo(Encoding.FIXED);
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp_raw, UINT64, gadget_timestamp, 0, 8",
    "proc.comm, STRING, gadget_comm, 8, 16",
    "proc.pid, UINT32, gadget_pid, 24, 4",
    "proc.mntns_id, UINT64, gadget_mntns_id, 32, 8",
    "proc.creds.gid, UINT32, gadget_gid, 44, 4",
    "proc.parent.comm, STRING, gadget_pcomm, 48, 16",
    "error_raw, UINT32, gadget_errno, 72, 4",
    "call_raw, UINT64, gadget_syscall, 80, 8",
    "color_raw, INT32, color, 116, 4",
    "plain_color, INT32, color, 124, 4",
  })
  void placesFieldsAsTheStructDoes(
      String name, FieldType type, String semantics, int offset, int size) {
    FieldSpec field = field(name);
    assertThat(field.type()).isEqualTo(type);
    assertThat(field.semantics()).isEqualTo(semantics);
    Encoding encoding = type == FieldType.STRING ? Encoding.NUL_TERMINATED : Encoding.FIXED;
    assertThat(field.origin()).isEqualTo(new Stored(encoding, offset, size, size));
  }

  @Test
  void readsEveryKindOfMember() {
    assertThat(field("fname").type()).isEqualTo(FieldType.STRING);
    assertThat(stored("fname").encoding()).isEqualTo(Encoding.TAIL);
    assertThat(field("argv").type()).isEqualTo(FieldType.STRING_LIST);
    assertThat(stored("argv").encoding()).isEqualTo(Encoding.TAIL);
    assertThat(field("inner").type()).isEqualTo(FieldType.UINT8);
    assertThat(field("other").type()).isEqualTo(FieldType.INT16);
    assertThat(stored("either.four").offsetBytes()).isEqualTo(stored("either.one").offsetBytes());
    assertThat(field("bytes").type()).isEqualTo(FieldType.BYTES);
    assertThat(stored("bytes").sizeBytes()).isEqualTo(6);
    assertThat(field("numbers").type()).isEqualTo(FieldType.BYTES);
    assertThat(stored("numbers").elementSizeBytes()).isEqualTo(4);
    assertThat(field("yes").type()).isEqualTo(FieldType.BOOL);
    assertThat(field("address").type()).isEqualTo(FieldType.UINT64);
    assertThat(field("ratio").type()).isEqualTo(FieldType.FLOAT64);
    assertThat(field("text").annotations())
        .containsEntry("columns.width", "12")
        .containsEntry("tags", "one,two");
    assertThat(stored("rest").encoding()).isEqualTo(Encoding.REST);
    assertThat(all.schema().field("__private")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp, timestamp, timestamp_raw, ''",
    "error, errno, error_raw, ''",
    "sig, signal, sig_raw, ''",
    "call, syscall, call_raw, ''",
    "mode, file_mode, mode_raw, ''",
    "flags, file_flags, flags_raw, ''",
    "size, bytes, size_raw, ''",
    "took, duration, took_raw, ''",
    "tuser, user, tuid, ''",
    "proc.creds.user, user, proc.creds.uid, ''",
    "proc.creds.group, group, proc.creds.gid, ''",
    "color, enum, color_raw, color:1=RED|2=GREEN|-1=DARK",
    "traits, enum, traits_raw, trait_set:set:+:1=FAST|2=LOUD|4=TALL",
    "answer, errno, asked, ''",
    "args, join, argv, \u00a0",
    "kern_stack, kstack, kern_stack_raw, ''",
    "user_stack.symbols, ustack, user_stack_raw.stack_id, symbols",
    "src, l4endpoint, src.addr_raw, ''",
    "src.addr, endpoint_addr, src.addr_raw, ''",
    "src.proto, endpoint_proto, src.proto_raw, ''",
    "dst, l3endpoint, dst.addr_raw, ''",
    "k8s.podName, container, proc.mntns_id, k8s.podName",
    "runtime.containerName, container, proc.mntns_id, runtime.containerName",
  })
  void makesReadableSiblings(String name, String formatter, String source, String argument) {
    Computed origin = (Computed) field(name).origin();
    assertThat(origin.formatter()).isEqualTo(formatter);
    assertThat(all.schema().fields().get(origin.sourceIndex()).name()).isEqualTo(source);
    assertThat(origin.argument()).isEqualTo(argument);
  }

  @Test
  void makesNoSiblingWhereNobodyNamesIt() {
    assertThat(field("plain_color").origin()).isInstanceOf(Stored.class);
    assertThat(all.schema().fields())
        .filteredOn(f -> f.origin() instanceof Computed c && c.formatter().equals("enum"))
        .extracting(FieldSpec::name)
        .containsExactly("color", "traits");
  }

  @Test
  void showsWhatTodaysTablesShow() {
    assertThat(all.schema().fields())
        .filteredOn(f -> !f.isHidden())
        .extracting(FieldSpec::name)
        .containsExactly(
            "runtime.containerName",
            "proc.comm",
            "proc.pid",
            "proc.tid",
            "proc.creds.uid",
            "proc.creds.user",
            "error",
            "sig",
            "call",
            "mode",
            "flags",
            "size",
            "took",
            "tuid",
            "tuser",
            "color",
            "traits",
            "plain_color",
            "asked",
            "answer",
            "kern_stack",
            "src",
            "dst",
            "fname",
            "argv",
            "args",
            "inner",
            "other",
            "either.four",
            "either.one",
            "bytes",
            "numbers",
            "text",
            "yes",
            "address",
            "ratio",
            "rest");
  }

  @Test
  void givesTheProcessShortNames() {
    assertThat(all.schema().fields())
        .filteredOn(f -> f.name().startsWith("proc."))
        .filteredOn(f -> !f.annotation("columns.alias").isEmpty())
        .extracting(FieldSpec::name, f -> f.annotation("columns.alias"))
        .containsExactly(
            tuple("proc.comm", "comm"),
            tuple("proc.pid", "pid"),
            tuple("proc.tid", "tid"),
            tuple("proc.mntns_id", "mntns_id"),
            tuple("proc.creds.uid", "uid"),
            tuple("proc.creds.user", "user"),
            tuple("proc.creds.gid", "gid"),
            tuple("proc.creds.group", "group"),
            tuple("proc.parent.comm", "pcomm"),
            tuple("proc.parent.pid", "ppid"),
            tuple("proc.parent.tid", "ptid"));
  }

  @Test
  void joinsKeyAndValueOfAMap() {
    DataSource sums = source("sums");
    assertThat(sums.schema().fields())
        .extracting(FieldSpec::name, FieldSpec::type, FieldSpec::origin)
        .containsExactly(
            tuple("dev", FieldType.UINT32, new Stored(Encoding.FIXED, 0, 4, 4)),
            tuple("latency", FieldType.HISTOGRAM, new Stored(Encoding.FIXED, 8, 108, 4)),
            tuple("count", FieldType.UINT64, new Stored(Encoding.FIXED, 120, 8, 8)));
  }

  @Test
  void aRecordThatIsAProcessHasTheShortNamesOfOne() {
    EventSchema processes = source("processes").schema();
    assertThat(processes.fields())
        .filteredOn(f -> !f.annotation("columns.alias").isEmpty())
        .filteredOn(f -> f.name().indexOf("runtime.") < 0)
        .extracting(FieldSpec::name, f -> f.annotation("columns.alias"))
        .containsExactly(
            tuple("creds.uid", "uid"),
            tuple("creds.user", "user"),
            tuple("creds.gid", "gid"),
            tuple("creds.group", "group"),
            tuple("parent.comm", "pcomm"),
            tuple("parent.pid", "ppid"),
            tuple("parent.tid", "ptid"));
  }

  @Test
  void enrichesByNetworkNamespaceWhereThereIsNoOther() {
    DataSource rows = source("rows");
    FieldSpec name = Objects.requireNonNull(rows.schema().field("runtime.containerName"));
    Computed origin = (Computed) name.origin();
    assertThat(rows.schema().fields().get(origin.sourceIndex()).name()).isEqualTo("netns_id");
  }

  @Test
  void readsParametersOfEveryKind() {
    assertThat(gadget.parameters())
        .extracting(ParamSpec::key, ParamSpec::variable, ParamSpec::kind, ParamSpec::sizeBytes)
        .containsExactly(
            tuple("failed", "failed", ParamSpec.Kind.BOOL, 1),
            tuple("gid", "targ_gid", ParamSpec.Kind.INT, 4),
            tuple("port", "port", ParamSpec.Kind.UINT, 2),
            tuple("prefix", "prefix", ParamSpec.Kind.STRING, 32),
            tuple("sums_max_entries", "sums_max_entries", ParamSpec.Kind.UINT, 4),
            tuple("peer", "peer", ParamSpec.Kind.IP_ADDRESS, 20),
            tuple("pid", "", ParamSpec.Kind.UINT_LIST, 0));
    ParamSpec failed = gadget.parameters().getFirst();
    assertThat(failed.alias()).isEqualTo("f");
    assertThat(failed.defaultValue()).isEqualTo("true");
    assertThat(failed.description()).isEqualTo("Only what failed");
    ParamSpec port = gadget.parameters().get(2);
    assertThat(port.mandatory()).isTrue();
    assertThat(port.possibleValues()).containsExactly("80", "443");
  }

  @Test
  void bytesBehindTheRecordMayBeCounted() {
    String counted =
        YAML.replace(
            "ebpf.rest.name: rest", "ebpf.rest.name: rest\n      ebpf.rest.len: either.four");
    DataSource source = TestObjects.read("everything", counted).sources().getFirst().source();
    Stored rest = (Stored) Objects.requireNonNull(source.schema().field("rest")).origin();
    Stored counter = stored("either.four");
    assertThat(rest)
        .isEqualTo(
            new Stored(
                Encoding.COUNTED_REST, stored("rest").offsetBytes(), 4, counter.offsetBytes()));
  }

  @Test
  void needsNoMetadata() {
    GadgetSpec bare = TestObjects.read("everything", null);
    assertThat(bare.sources()).hasSize(4);
    assertThat(bare.sources().getFirst().source().schema().field("error")).isNotNull();
    assertThat(bare.description()).isEmpty();
  }
}
