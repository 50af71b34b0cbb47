// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.OpenDescriptors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernel")
@Tag("every-kernel")
class KernelFeatureKernelTest {
  @ParameterizedTest
  @EnumSource
  void rootGetsAClearAnswerAndNothingStaysOpen(KernelFeature feature) {
    List<String> before = OpenDescriptors.kernelObjects();
    ProbeResult result = feature.probe();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
    switch (result) {
      case ProbeResult.Supported supported -> assertThat(feature.probe()).isEqualTo(supported);
      case ProbeResult.Unsupported unsupported -> assertThat(unsupported.why()).isNotBlank();
      case ProbeResult.Unknown unknown -> throw new AssertionError(feature + ": " + unknown.why());
    }
  }

  /** What every kernel that is supported at all has. */
  @ParameterizedTest
  @EnumSource(names = {"BTF", "RING_BUFFER", "TRACEPOINT", "BTF_TRACEPOINT", "PERF_EVENT"})
  void hasWhatEveryGadgetNeeds(KernelFeature feature) {
    assertThat(feature.probe()).isEqualTo(new ProbeResult.Supported());
  }

  /** Who may not try it can say neither yes nor no. */
  @Test
  void whoHasNoRightToTryCouldNotTell() throws Exception {
    Map<KernelFeature, ProbeResult> answers = ProbeAnswers.withoutCapabilities();
    assertThat(answers).containsOnlyKeys(KernelFeature.values());
    answers.forEach((feature, answer) -> {
      if (feature.probe() instanceof ProbeResult.Supported) {
        assertThat(answer).as(feature.name()).isNotInstanceOf(ProbeResult.Unsupported.class);
      }
    });
    assertThat(answers.get(KernelFeature.BTF_TRACEPOINT))
        .isInstanceOfSatisfying(
            ProbeResult.Unknown.class,
            unknown -> assertThat(unknown.why()).contains("EPERM", "needs root"));
    assertThat(answers.get(KernelFeature.BTF)).isEqualTo(KernelFeature.BTF.probe());
  }

  @Test
  void findsTracepointsByName() {
    List<String> before = OpenDescriptors.kernelObjects();
    assertThat(Tracepoints.id("sched", "sched_process_exec")).isPresent();
    assertThat(Tracepoints.id("sched", "sched_process_exec"))
        .isNotEqualTo(Tracepoints.id("sched", "sched_process_exit"));
    assertThat(Tracepoints.exists("sched", "no_such_tracepoint")).isFalse();
    assertThat(Tracepoints.exists("no_such_category", "sched_process_exec")).isFalse();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }

  @Test
  void followsNoNameOutOfTracefs() {
    assertThat(Tracepoints.exists("..", "events")).isFalse();
    assertThat(Tracepoints.exists("sched/sched_process_exec", "../sched_process_exec")).isFalse();
    assertThat(Tracepoints.exists("", "")).isFalse();
  }

  @Test
  void saysWhatADetachedMountLacks() {
    assertThatThrownBy(() -> DetachedMount.open("nosuchfs", "/nowhere"))
        .isInstanceOf(BpfException.class)
        .hasMessage("mounting nosuchfs: ENODEV (this kernel was built without nosuchfs)");
  }
}
