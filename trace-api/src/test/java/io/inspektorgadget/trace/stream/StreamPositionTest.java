// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.LossReport;
import org.junit.jupiter.api.Test;

final class StreamPositionTest {
  private final StreamPosition position = new StreamPosition();

  private static ControlLine.Loss loss(LossReport.Stage stage, long seq, long count) {
    return new ControlLine.Loss(seq, new LossReport(stage, "x", count, count), 0);
  }

  @Test
  void aStreamGoesOnWhereItBroke() {
    assertThat(position.request("t")).isEqualTo(new StreamRequest.Receive("t", 0));
    position.control(new ControlLine.Start(901, "a"));
    position.line();
    position.line();
    assertThat(position.request("t")).isEqualTo(new StreamRequest.Receive("t", 903));
    assertThat(position.control(new ControlLine.Start(903, "a"))).isZero();
    position.line();
    assertThat(position.nextSeq()).isEqualTo(904);
    assertThat(position.missed()).isZero();
  }

  @Test
  void gapsAreCountedAndLossesOfOthersAreNot() {
    position.control(new ControlLine.Start(1, "a"));
    position.line();
    assertThat(position.control(loss(LossReport.Stage.KERNEL_RING, 2, 50))).isZero();
    assertThat(position.control(loss(LossReport.Stage.CLIENT, 42, 40))).isEqualTo(40);
    position.line();
    assertThat(position.nextSeq()).isEqualTo(43);
    assertThat(position.missed()).isEqualTo(40);
    assertThat(position.isEnded()).isFalse();
    position.control(new ControlLine.End(43, ControlLine.Cause.STOPPED, "", 50));
    assertThat(position.isEnded()).isTrue();
    assertThat(position.missed()).isEqualTo(40);
  }

  @Test
  void anotherRunStartsAgain() {
    position.control(new ControlLine.Start(500, "a"));
    position.line();
    assertThat(position.control(new ControlLine.Start(1, "b"))).isZero();
    position.line();
    assertThat(position.nextSeq()).isEqualTo(2);
    assertThat(position.run()).isEqualTo("b");
    assertThat(position.missed()).isZero();
  }

  @Test
  void whatIsMissingAfterABreakIsSaidByTheGapThatFollows() {
    position.control(new ControlLine.Start(1, "a"));
    position.line();
    position.control(new ControlLine.Start(2, "a"));
    assertThat(position.control(loss(LossReport.Stage.CLIENT, 10, 8))).isEqualTo(8);
    assertThat(position.request("t").fromSeq()).isEqualTo(10);
  }
}
