// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.kernel.bpf.ProbeResult;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.testing.Needs;
import io.inspektorgadget.tracers.run.GadgetRun;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A gadget names several hooks for one purpose: the first that the running kernel takes is used,
 * the run says which, and each event comes once.
 */
@Tag("kernel")
final class HookPreferenceKernelTest extends HostGadgets {
  private static final int KILLS = 20;
  private static final String SCRIPT =
      "i=0; while [ $i -lt "
          + KILLS
          + " ]; do kill -s CONT $$; i=$((i+1)); done; echo sent; read -r _";

  /** The numbers of kills.h. */
  private static final String FENTRY = "1";

  private static final String KPROBE = "2";
  private static final String TRACEPOINT = "3";

  /** Runs a gadget of the tests: exactly this program is attached, and it wrote every record. */
  private void uses(String gadget, String program, String hook) throws Exception {
    KernelResources before = KernelResources.now();
    RecordingSink sink = new RecordingSink();
    try (NamespacedShell shell = NamespacedShell.start(SCRIPT)) {
      RunRequest request = Gadgets.request(Gadgets.built(gadget), gadgets().selecting(shell));
      try (GadgetRun run = gadgets().start(request, sink)) {
        assertThat(run.attachedPrograms()).containsExactly(program);
        shell.begin();
        shell.awaitWord("sent");
        run.stop();
        assertThat(run.awaitEnd()).isEqualTo(new EndCause.Stopped());
        shell.release();
        shell.awaitEnd();
      }
    }
    assertThat(sink.kept()).hasSize(KILLS);
    assertThat(sink.kept()).allSatisfy(event -> assertThat(event).containsEntry("hook", hook));
    assertThat(sink.losses()).isEmpty();
    assertThat(KernelResources.now()).isEqualTo(before);
  }

  private static boolean has(KernelFeature feature) {
    return feature.probe() instanceof ProbeResult.Supported;
  }

  @Test
  @Needs(KernelFeature.FENTRY)
  void theFirstIsUsedWhereTheKernelHasIt() throws Exception {
    uses("preferred_hooks", "by_fentry fentry/security_task_kill", FENTRY);
  }

  @Test
  @Needs(KernelFeature.KPROBE)
  void theSecondIsUsedWhereTheFirstIsOnAFunctionThatIsNotThere() throws Exception {
    uses("second_hook", "by_kprobe kprobe/security_task_kill", KPROBE);
  }

  @Tag("every-kernel")
  @Test
  void theBestThatThisKernelHasIsUsed() throws Exception {
    if (has(KernelFeature.FENTRY)) {
      uses("preferred_hooks", "by_fentry fentry/security_task_kill", FENTRY);
    } else if (has(KernelFeature.KPROBE)) {
      uses("preferred_hooks", "by_kprobe kprobe/security_task_kill", KPROBE);
    } else {
      uses("preferred_hooks", "by_tracepoint tracepoint/syscalls/sys_enter_kill", TRACEPOINT);
    }
  }

  @Tag("every-kernel")
  @Test
  void whatTheKernelLacksIsNamedWhenNoHookWorks() throws IOException {
    KernelResources before = KernelResources.now();
    RunRequest request =
        new RunRequest(Gadgets.built("no_hook"), Map.of(), ContainerSelector.HOST, RunLimits.NONE);
    assertThatThrownBy(() -> gadgets().start(request, new RecordingSink()).close())
        .isInstanceOf(GadgetException.class)
        .hasMessageStartingWith(
            "choosing a hook for kill of no_hook: this kernel takes none of them (")
        .hasMessageContaining("fentry/no_such_function_anywhere: " + lacking(KernelFeature.FENTRY))
        .hasMessageContaining("kprobe/no_such_function_anywhere: ")
        .hasMessageContaining(lacking(KernelFeature.KPROBE));
    assertThat(KernelResources.now()).isEqualTo(before);
  }

  /** The feature's absence in words, or the function's. */
  private static String lacking(KernelFeature feature) {
    return feature.probe() instanceof ProbeResult.Unsupported(String why)
        ? why
        : "this kernel has no function no_such_function_anywhere";
  }
}
