// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.kubectl.run.RunMerge.NodeLines;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import java.nio.charset.StandardCharsets;
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
