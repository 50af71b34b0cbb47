// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.NativeFunction;
import io.inspektorgadget.testing.Needs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hooks on functions of the kernel: each kind attaches, sees what this process calls, and is gone
 * without a trace when its link is closed.
 */
@Tag("kernel")
class FunctionHooksKernelTest {
  private static final NativeFunction GETPGID = NativeFunction.ofLibc("getpgid");
  private static final int CALLS = 50;
  private static final long OWN_PID = ProcessHandle.current().pid();
  private static final String FUNCTION = "security_task_getpgid";

  /** Functions that have a trampoline or an ftrace probe, if tracefs is mounted. */
  private static final Path TRACED = Path.of("/sys/kernel/tracing/enabled_functions");

  private static final Path PROBED = Path.of("/sys/kernel/debug/kprobes/list");

  private List<String> openBefore = List.of();
  private List<String> listedBefore = List.of();

  @BeforeEach
  void remember() throws IOException {
    openBefore = OpenDescriptors.kernelObjects();
    listedBefore = listed();
  }

  @AfterEach
  void everythingIsGivenBack() throws IOException {
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(openBefore);
    assertThat(listed()).isEqualTo(listedBefore);
  }

  private static BpfObject load(String program) {
    BpfObject object = TestObjects.open("functions");
    try {
      object.program(program).setAutoload(true);
      object.setVariable(
          "watched_tgid",
          ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt((int) OWN_PID).array());
      object.load();
      return object;
    } catch (RuntimeException exception) {
      object.close();
      throw exception;
    }
  }

  /** Calls as often as all tests do; what the last call returned. */
  private static int callGetpgid() {
    int result = 0;
    for (int round = 0; round < CALLS; round++) {
      result = NativeFunction.toInt(GETPGID.call(OWN_PID));
    }
    return result;
  }

  private static long variable(BpfObject object, String name) {
    return object.variable(name).get(JAVA_LONG, 0);
  }

  /** How the kernel lists the functions of these tests as probed or traced, also by others. */
  private static List<String> listed() throws IOException {
    StringBuilder lists = new StringBuilder();
    for (Path list : List.of(TRACED, PROBED)) {
      if (Files.isReadable(list)) {
        lists.append(Files.readString(list));
      }
    }
    return lists.toString().lines().filter(line -> line.contains("getpgid")).toList();
  }

  /** Attaches, calls, detaches and calls again: only the calls in between are seen. */
  private void seesEveryCall(BpfObject object, String program) throws IOException {
    try (BpfLink link = object.attach(object.program(program))) {
      assertThat(link.fd()).isPositive();
      assertThat(callGetpgid()).isPositive();
      assertThat(variable(object, "calls")).isEqualTo(CALLS);
      if (Files.isReadable(TRACED)) {
        assertThat(listed()).as("traced functions").isNotEqualTo(listedBefore);
      }
    }
    assertThat(listed()).as("traced functions").isEqualTo(listedBefore);
    assertThat(callGetpgid()).isPositive();
    assertThat(variable(object, "calls")).isEqualTo(CALLS);
  }

  @Test
  @Needs(KernelFeature.KPROBE)
  void kprobeSeesTheArguments() throws IOException {
    try (BpfObject object = load("on_kprobe")) {
      assertThat(object.program("on_kprobe").hook()).isEqualTo(new Hook.Kprobe(FUNCTION, false));
      seesEveryCall(object, "on_kprobe");
      assertThat(variable(object, "last_argument_tgid")).isEqualTo(OWN_PID);
    }
  }

  @Test
  @Needs(KernelFeature.KPROBE)
  void kretprobeSeesTheResult() throws IOException {
    try (BpfObject object = load("on_kretprobe")) {
      seesEveryCall(object, "on_kretprobe");
      assertThat(variable(object, "last_result")).isZero();
    }
  }

  @Test
  @Needs(KernelFeature.KPROBE)
  void ksyscallFindsTheFunctionOfTheSystemCall() throws IOException {
    try (BpfObject object = load("on_ksyscall")) {
      seesEveryCall(object, "on_ksyscall");
    }
  }

  @Test
  @Needs(KernelFeature.FENTRY)
  void fentrySeesTheArguments() throws IOException {
    try (BpfObject object = load("on_fentry")) {
      seesEveryCall(object, "on_fentry");
      assertThat(variable(object, "last_argument_tgid")).isEqualTo(OWN_PID);
      assertThat(variable(object, "last_result")).isEqualTo(-1);
    }
  }

  @Test
  @Needs(KernelFeature.FENTRY)
  void fexitSeesArgumentsAndResult() throws IOException {
    try (BpfObject object = load("on_fexit")) {
      seesEveryCall(object, "on_fexit");
      assertThat(variable(object, "last_argument_tgid")).isEqualTo(OWN_PID);
      assertThat(variable(object, "last_result")).isZero();
    }
  }

  @Test
  @Needs(KernelFeature.FENTRY)
  void fmodRetReplacesTheResult() {
    refusesWhileAttached("on_fmod_ret", Errno.EACCES);
  }

  @Test
  @Needs(KernelFeature.BPF_LSM)
  void lsmDecidesWhatIsAllowed() {
    refusesWhileAttached("on_lsm", Errno.EPERM);
  }

  private static void refusesWhileAttached(String program, int errno) {
    try (BpfObject object = load(program)) {
      assertThat(callGetpgid()).isPositive();
      try (BpfLink link = object.attach(object.program(program))) {
        assertThat(link.fd()).isPositive();
        assertThat(callGetpgid()).isEqualTo(-1);
        assertThat(NativeFunction.lastErrno()).isEqualTo(errno);
        assertThat(variable(object, "calls")).isEqualTo(CALLS);
        assertThat(variable(object, "last_argument_tgid")).isEqualTo(OWN_PID);
      }
      assertThat(callGetpgid()).isPositive();
      assertThat(variable(object, "calls")).isEqualTo(CALLS);
    }
  }

  @Test
  @Needs({KernelFeature.KPROBE, KernelFeature.FENTRY})
  void closingOneLinkLeavesOthersOfTheSameFunctionAlone() {
    try (BpfObject probed = load("on_kprobe");
        BpfObject traced = load("on_fentry");
        BpfLink probe = probed.attach(probed.program("on_kprobe"))) {
      BpfLink trampoline = traced.attach(traced.program("on_fentry"));
      callGetpgid();
      trampoline.close();
      callGetpgid();
      assertThat(probe.fd()).isPositive();
      assertThat(variable(traced, "calls")).isEqualTo(CALLS);
      assertThat(variable(probed, "calls")).isEqualTo(2 * CALLS);
    }
  }
}
