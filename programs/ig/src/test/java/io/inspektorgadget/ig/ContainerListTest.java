// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.cli.run.OutputOptions;
import io.inspektorgadget.cli.run.PrinterSource;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.containers.identity.CgroupTree;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.schema.FieldSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers as Columns prints them. */
class ContainerListTest {
  private static final Instant NOW = Instant.parse("2026-11-24T06:41:40.5Z");

  private static final ContainerFields.Host HOST =
      new ContainerFields.Host(
          4026532178L, pid -> new CgroupTree.Paths("/v2/" + pid, "/v1/" + pid));

  private static ContainerInfo container(String name, PodInfo pod) {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo(
            "runc", "id-of-" + name, name, "busybox", "sha256:1", 7, Map.of("team", "x")),
        42,
        new ContainerInfo.MountNs(4026532177L, 5),
        4026532178L,
        new ContainerInfo.Cgroup(9, "/x"),
        "/bundle",
        pod,
        Map.of());
  }

  private static String printed(
      ContainerFields fields, OutputOptions options, ContainerRow... rows) {
    return printed(fields, options, 0, rows);
  }

  /** On a screen of this width; 0: no screen. */
  private static String printed(
      ContainerFields fields, OutputOptions options, int width, ContainerRow... rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new StandardOutput(out, false),
            new StandardError(err),
            new Terminal(width > 0, Map.of("NO_COLOR", "1"), () -> width));
    EventSink sink = new PrinterSource().open(List.of(fields.source()), options, streams);
    sink.opened(fields.source());
    for (ContainerRow row : rows) {
      sink.event(row);
    }
    sink.batchEnd(fields.source());
    sink.ended(new EndCause.Completed());
    assertThat(err.size()).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static OutputOptions mode(String mode, String fields) {
    return new OutputOptions(mode, fields, List.of(), "", -1);
  }

  @Test
  void aListIsOneArrayWithPodsOnlyWhereThereAreSome() {
    ContainerFields fields = ContainerFields.ofSnapshot(HOST);
    PodInfo pod = new PodInfo("prod", "web-1", "u", "web", Map.of(), "", "");
    assertThat(
            printed(
                fields,
                mode("json", "runtime.containerName,runtime.containerPid,k8s.podName,mntns_id"),
                new ContainerRow(fields, container("web", pod), "", NOW),
                new ContainerRow(fields, container("db", PodInfo.NONE), "", NOW)))
        .isEqualTo(
            "[{\"mntns_id\":4026532177,\"runtime\":{\"containerName\":\"db\",\"containerPid\":42}},"
                + "{\"k8s\":{\"podName\":\"web-1\"},\"mntns_id\":4026532177,"
                + "\"runtime\":{\"containerName\":\"web\",\"containerPid\":42}}]\n");
  }

  @Test
  void aTableIsSortedByRuntimeAndName() {
    ContainerFields fields = ContainerFields.ofSnapshot(HOST);
    String table =
        printed(
            fields,
            mode("", ""),
            new ContainerRow(fields, container("web", PodInfo.NONE), "", NOW),
            new ContainerRow(fields, container("db", PodInfo.NONE), "", NOW));
    List<String> lines = table.lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("RUNTIME").contains("ID", "NAME", "PID", "IMAGE");
    assertThat(lines.get(1)).contains("id-of-db", "busybox");
    assertThat(lines.get(2)).contains("id-of-web");
  }

  @Test
  void aChangeIsOneObjectOfAStream() {
    ContainerFields fields = ContainerFields.ofChanges(HOST);
    assertThat(
            printed(
                fields,
                mode("json", "timestamp,event,runtime.containerName"),
                new ContainerRow(fields, container("web", PodInfo.NONE), "CREATED", NOW)))
        .isEqualTo(
            "{\"event\":\"CREATED\",\"runtime\":{\"containerName\":\"web\"},"
                + "\"timestamp\":\"2026-11-24T06:41:40.500Z\"}\n");
  }

  @Test
  void aWatchedTableShowsWholeTimesHoweverNarrowItIs() {
    ContainerFields fields = ContainerFields.ofChanges(HOST);
    Instant even = Instant.parse("2026-11-24T06:41:40Z");
    String table =
        printed(
            fields,
            mode("", ""),
            100,
            new ContainerRow(fields, container("web", PodInfo.NONE), "CREATED", even),
            new ContainerRow(fields, container("web", PodInfo.NONE), "DELETED", NOW));
    List<String> lines = table.lines().toList();
    assertThat(lines.get(0)).startsWith("TIMESTAMP").contains(" EVENT ");
    assertThat(lines.get(1)).startsWith("2026-11-24T06:41:40.000Z CREATED runc ");
    assertThat(lines.get(2)).startsWith("2026-11-24T06:41:40.500Z DELETED runc ");
    assertThat(lines).allMatch(line -> line.length() <= 100);
  }

  @Test
  void tellsWhatIsKnownOfLabelsPodsAndNetworks() {
    ContainerFields fields = ContainerFields.ofSnapshot(HOST);
    PodInfo pod =
        new PodInfo("prod", "web-1", "u", "web", Map.of("b", "2", "a", "1"), "Deployment", "web");
    assertThat(
            printed(
                fields,
                mode("json", "k8s.podLabels,k8s.hostnetwork,k8s.owner.name,annotations,labels"),
                new ContainerRow(fields, container("web", pod), "", NOW)))
        .isEqualTo(
            "[{\"annotations\":\"\",\"k8s\":{\"hostnetwork\":true,\"owner\":{\"name\":\"web\"},"
                + "\"podLabels\":\"a=1,b=2\"},\"runtime\":{\"containerLabels\":\"team=x\"}}]\n");
  }

  private static ContainerRow[] rows(ContainerFields fields) {
    PodInfo pod =
        new PodInfo(
            "prod", "web-1", "u-1", "web", Map.of("b", "2", "a", "1"), "Deployment", "shop");
    return new ContainerRow[] {
      new ContainerRow(fields, container("web", pod), "CREATED", NOW),
      new ContainerRow(fields, container("db", PodInfo.NONE), "UPDATED", NOW)
    };
  }

  /** Names and order of fields are what scripts rely on. */
  @ParameterizedTest
  @CsvSource({
    "list.json, json, false",
    "list.jsonpretty, jsonpretty, false",
    "list.yaml, yaml, false",
    "list.txt, '', false",
    "watch.json, json, true",
    "watch.txt, '', true"
  })
  void printsAsInTheGoldenFiles(String file, String mode, boolean watches) throws IOException {
    ContainerFields fields =
        watches ? ContainerFields.ofChanges(HOST) : ContainerFields.ofSnapshot(HOST);
    String printed = printed(fields, mode(mode, ""), mode.isEmpty() ? 120 : 0, rows(fields));
    try (InputStream golden = ContainerListTest.class.getResourceAsStream("containers/" + file)) {
      assertThat(golden).as(file).isNotNull();
      assertThat(printed).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyFieldCanBeAColumn() {
    ContainerFields fields = ContainerFields.ofSnapshot(HOST);
    for (FieldSpec field : fields.source().schema().fields()) {
      String table = printed(fields, mode("columns=" + field.name(), ""), 0, rows(fields));
      assertThat(table.lines()).as(field.name()).hasSize(3);
    }
  }
}
