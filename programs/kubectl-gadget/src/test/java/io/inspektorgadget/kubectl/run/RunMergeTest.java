// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.kubectl.run.RunMerge.NodeLines;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunMergeTest {
  private static void line(NodeLines lines, String text) {
    byte[] bytes = ("..." + text).getBytes(StandardCharsets.UTF_8);
    lines.event(bytes, 3, bytes.length);
  }

  @Test
  void eventsOfTwoNodesComeAsTheyComeAndSayTheirNode() {
    Printed printed = new Printed("trace_open", OutputMode.JSON);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    merge.open();
    NodeLines one = merge.begin("node1");
    NodeLines two = merge.begin("node2");
    line(one, "{\"fd\":1,\"k8s\":{\"node\":\"node1\"}}");
    line(two, "{\"fd\":2}");
    line(one, "{\"fd\":3,\"of\":\"a later version\"}");
    one.pause();
    two.pause();
    assertThat(printed.text())
        .isEqualTo(
            """
            {"fd":1,"k8s":{"node":"node1"}}
            {"fd":2,"k8s":{"node":"node2"}}
            {"fd":3,"k8s":{"node":"node1"}}
            """);
  }

  @Test
  void aTableIsCompleteWhenEveryNodeHasSentItsPart() {
    Printed printed = new Printed("top_blockio", OutputMode.JSON);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    NodeLines one = merge.begin("node1");
    NodeLines two = merge.begin("node2");
    line(one, "[{\"io\":1},{\"io\":5}]");
    assertThat(printed.text()).isEmpty();
    line(two, "[{\"io\":3}]");
    assertThat(printed.text())
        .as("sorted as one table")
        .isEqualTo(
            "[{\"io\":5,\"k8s\":{\"node\":\"node1\"}},{\"io\":3,\"k8s\":{\"node\":\"node2\"}},"
                + "{\"io\":1,\"k8s\":{\"node\":\"node1\"}}]\n");
  }

  @Test
  void aNodeThatIsSilentOrGoneHoldsNoTableBack() {
    Printed printed = new Printed("top_blockio", OutputMode.JSON);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    NodeLines one = merge.begin("node1");
    merge.begin("node2");
    line(one, "[{\"io\":1}]");
    line(one, "[{\"io\":2}]");
    assertThat(printed.text()).isEqualTo("[{\"io\":1,\"k8s\":{\"node\":\"node1\"}}]\n");
    merge.ended("node2");
    assertThat(printed.text().lines())
        .containsExactly(
            "[{\"io\":1,\"k8s\":{\"node\":\"node1\"}}]",
            "[{\"io\":2,\"k8s\":{\"node\":\"node1\"}}]");
  }

  @Test
  void whatIsThereAtTheEndIsPrinted() {
    Printed printed = new Printed("snapshot_process", OutputMode.JSON);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    NodeLines one = merge.begin("node1");
    merge.begin("node2");
    line(one, "[{\"pid\":7}]");
    merge.end(new EndCause.Stopped());
    assertThat(printed.text()).isEqualTo("[{\"k8s\":{\"node\":\"node1\"},\"pid\":7}]\n");
  }

  @Test
  void recordsThatKnowNoContainerSayTheirNodeToo() {
    Printed printed = new Printed("profile_blockio", OutputMode.HISTOGRAM);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    NodeLines one = merge.begin("node1");
    line(one, "[{\"device\":\"vda\",\"latency\":[{\"count\":4,\"end\":1,\"start\":0}]}]");
    assertThat(printed.text()).contains("node: node1  device: vda").contains("0 ->          1 : 4");
  }

  /** A source of a number that its JSON for users does not have. */
  private static DataSource source(String name, DataSource.Kind kind) {
    FieldSpec secret =
        new FieldSpec(
            0,
            "secret",
            FieldType.UINT32,
            "",
            new FieldOrigin.Computed("none", -1, ""),
            Map.of("json.skip", "true"));
    return ClusterCatalog.of(
        new DataSource(name, kind, new EventSchema(List.of(secret)), Map.of()));
  }

  @Test
  void linesAreOfTheSourceThatTheStreamNamesAndHaveAllItsFields() {
    List<DataSource> sources =
        List.of(source("calls", DataSource.Kind.STREAM), source("errors", DataSource.Kind.STREAM));
    List<String> got = new ArrayList<>();
    EventSink sink =
        new EventSink() {
          @Override
          public void opened(DataSource source) {}

          @Override
          public void event(EventView event) {
            int secret = event.source().schema().fields().size() - 1;
            got.add(event.source().name() + " " + event.longAt(secret));
          }

          @Override
          public void batchEnd(DataSource source) {}

          @Override
          public void loss(LossReport loss) {}

          @Override
          public void warning(String message) {
            got.add(message);
          }

          @Override
          public void ended(EndCause cause) {}
        };
    NodeLines one = new RunMerge(sources, sink).begin("node1");
    line(one, "{\"secret\":1}");
    one.source("errors");
    line(one, "{\"secret\":2}");
    one.source("calls");
    line(one, "{\"secret\":3}");
    assertThat(got).hasSize(3).endsWith("errors 2", "calls 3");
    assertThat(got.getFirst()).contains("its data source is not known");
  }

  @Test
  void aLineThatIsNoEventIsSaidOnceAndPassedOver() {
    Printed printed = new Printed("trace_open", OutputMode.JSON);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    NodeLines one = merge.begin("node1");
    line(one, "{\"fd\":");
    line(one, "[{\"fd\":1}]");
    line(one, "{\"fd\":1}");
    one.pause();
    assertThat(printed.text()).isEqualTo("{\"fd\":1,\"k8s\":{\"node\":\"node1\"}}\n");
    assertThat(printed.messages).hasSize(1);
    assertThat(printed.messages.getFirst()).startsWith("node1: a line is no event");
  }

  @Test
  void lossesSayWhere() {
    Printed printed = new Printed("trace_open", OutputMode.COLUMNS);
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    merge.begin("node1").loss(new LossReport(LossReport.Stage.KERNEL_RING, "open", 3, 17));
    merge.end(new EndCause.Stopped());
    assertThat(printed.messages)
        .containsExactly(
            "lost 3 events of open on node1 in the kernel: its ring buffer was full; a larger"
                + " --ring-size may help (17 since the start)",
            "lost in total: 17 events of open on node1 in the kernel: its ring buffer was full; a"
                + " larger --ring-size may help");
  }
}
