// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.io.Errno;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each step of an object's life fails once: the message says why, and nothing stays open. */
@Tag("kernel")
class FailuresKernelTest {
  private List<String> openBefore = List.of();

  @BeforeEach
  void remember() {
    openBefore = OpenDescriptors.kernelObjects();
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(openBefore);
  }

  @Tag("every-kernel")
  @Test
  void theVerifiersReasonAndLineAreShown() {
    try (BpfObject object = TestObjects.open("rejected")) {
      VerifierException thrown = catchThrowableOfType(VerifierException.class, object::load);
      assertThat(thrown).hasMessageStartingWith("loading reads_unchecked: EACCES (");
      assertThat(thrown.program()).isEqualTo("reads_unchecked");
      assertThat(thrown.summary())
          .contains("return *value != 0;")
          .contains("map_value_or_null")
          .doesNotContain("\n");
      assertThat(thrown.log()).contains("BEGIN PROG LOAD LOG").contains("processed");
    }
  }

  private static BpfObject onlyProgram(String program) {
    BpfObject object = TestObjects.open("missing_hooks");
    object.programs().forEach(p -> p.setAutoload(p.name().equals(program)));
    return object;
  }

  private static BpfException attachFailure(BpfObject object, String program) {
    return catchThrowableOfType(BpfException.class, () -> object.attach(object.program(program)));
  }

  @Test
  void aTracepointThatTheKernelLacksIsNamed() {
    try (BpfObject object = onlyProgram("no_tracepoint")) {
      object.load();
      BpfException thrown = attachFailure(object, "no_tracepoint");
      assertThat(thrown)
          .hasMessage(
              "attaching tracepoint/syscalls/sys_enter_no_such_call: ENOENT"
                  + " (this kernel has no such tracepoint)");
    }
  }

  @Test
  void aRawTracepointThatTheKernelLacksIsNamed() {
    try (BpfObject object = onlyProgram("no_raw_tracepoint")) {
      object.load();
      BpfException thrown = attachFailure(object, "no_raw_tracepoint");
      assertThat(thrown.errno()).isEqualTo(Errno.ENOENT);
      assertThat(thrown)
          .hasMessage(
              "attaching raw_tp/no_such_tracepoint: ENOENT (this kernel has no such tracepoint)");
    }
  }

  @Test
  void aFunctionThatALibraryLacksIsNamed() {
    try (BpfObject object = onlyProgram("no_uprobe")) {
      object.load();
      assertThat(attachFailure(object, "no_uprobe"))
          .hasMessageStartingWith("attaching uprobe/libc.so.6:no_such_function: ENOENT (")
          .hasMessageContaining("no function no_such_function in it");
    }
  }

  @Test
  void aProgramThatIsNotLoadedIsNotAttached() {
    try (BpfObject object = onlyProgram("no_tracepoint")) {
      object.load();
      assertThat(attachFailure(object, "no_kprobe"))
          .hasMessage("using program no_kprobe: ENOENT (it is not loaded)");
    }
  }

  @Test
  void aBtfTracepointThatTheKernelLacksFailsToLoad() {
    try (BpfObject object = onlyProgram("no_btf_tracepoint")) {
      assertThatThrownBy(object::load)
          .isInstanceOf(BpfException.class)
          .hasMessageStartingWith("loading missing_hooks: ESRCH (")
          .hasMessageContaining("no_such_tracepoint");
    }
  }

  @Test
  void aMemberThatTheKernelLacksIsNamed() {
    try (BpfObject object = onlyProgram("no_member")) {
      VerifierException thrown = catchThrowableOfType(VerifierException.class, object::load);
      assertThat(thrown.summary()).contains("task_struct.no_such_member");
    }
  }

  @Tag("every-kernel")
  @Test
  void aProbeOnAKernelFunctionAttachesOrSaysWhatIsMissing() {
    try (BpfObject object = onlyProgram("no_kprobe")) {
      object.load();
      if (KernelFeature.KPROBE.probe() instanceof ProbeResult.Unsupported unsupported) {
        assertThat(attachFailure(object, "no_kprobe"))
            .hasMessageStartingWith("attaching kprobe/inet_bind: ENOENT (")
            .hasMessageContaining(unsupported.why());
      } else {
        assertThat(object.attach(object.program("no_kprobe")).fd()).isPositive();
      }
    }
  }

  @Test
  void aHookWithoutAPerfEventSaysThatItNeedsOne() {
    try (BpfObject object = TestObjects.open("tracing")) {
      object.load();
      assertThat(attachFailure(object, "on_sample")).hasMessageContaining("needs a perf event");
      BpfLink link = object.attach(object.program("on_raw_enter"));
      assertThatThrownBy(() -> object.iterate(link))
          .isInstanceOf(BpfException.class)
          .hasMessageStartingWith("starting raw_tp/sys_enter: EINVAL");
    }
  }

  @Test
  void aRingReaderNeedsARing() {
    try (BpfObject object = TestObjects.open("tracing")) {
      assertThatThrownBy(() -> RingBufferReader.open(object.map("events"), null))
          .hasMessageContaining("it is not loaded");
      object.load();
      assertThatThrownBy(() -> RingBufferReader.open(object.map("table"), null))
          .hasMessageContaining("no ring buffer");
    }
  }

  @Test
  void aMapTooLargeForTheKernelIsReported() {
    try (BpfObject object = TestObjects.open("tracing")) {
      object.map("table").setMaxEntries(0xffff_ffffL);
      assertThatThrownBy(object::load)
          .isInstanceOf(BpfException.class)
          .hasMessageStartingWith("loading tracing: E2BIG (")
          .hasMessageContaining("table");
    }
  }
}
