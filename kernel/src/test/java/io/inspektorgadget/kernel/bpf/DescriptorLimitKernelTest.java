// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.EventFd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.NativeFunction;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Lets every step of a run in turn be the one that gets no file descriptor any more. */
@Tag("kernel")
@Isolated("it lowers a limit of the whole process")
class DescriptorLimitKernelTest {
  private static final int RLIMIT_NOFILE = 7;
  private static final int ENOUGH = 200;
  private static final NativeFunction GETRLIMIT = NativeFunction.ofLibc("getrlimit");
  private static final NativeFunction SETRLIMIT = NativeFunction.ofLibc("setrlimit");

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment limits = arena.allocate(JAVA_LONG, 2);
  private final MemorySegment lowered = arena.allocate(JAVA_LONG, 2);

  /** One whole run; every resource in it is closed whatever fails. */
  private static void run(byte[] elf) {
    try (BpfObject object = BpfObject.open("tracing", elf)) {
      object.load();
      object.attach(object.program("on_getpgid"));
      object.attach(object.program("on_btf_enter"));
      object.attach(object.program("on_uprobe"));
      object.attachCpuClock(object.program("on_sample"), 1);
      BpfLink tasks = object.attach(object.program("each_task"));
      try (BpfIterator iterator = object.iterate(tasks);
          RingBufferReader reader =
              RingBufferReader.open(object.map("events"), object.variable("gadget_reader_waits"));
          Epoll epoll = Epoll.open();
          EventFd event = EventFd.open()) {
        epoll.add(reader.fd(), 1);
        epoll.add(event.fd(), 2);
        assertThat(iterator.fd()).isPositive();
      }
    }
  }

  @Test
  void leavesNothingOpenWhicheverStepFails() {
    byte[] elf = TestObjects.bytes("tracing");
    run(elf);
    loadClassesOfFailures();
    List<Integer> plugs = plugHoles();
    List<String> before = OpenDescriptors.kernelObjects();
    assertThat(GETRLIMIT.call(RLIMIT_NOFILE, limits.address())).isZero();
    int failures = 0;
    boolean passed = false;
    for (int free = 0; free < ENOUGH && !passed; free++) {
      try {
        lowerTo(OpenDescriptors.highest() + 1 + free);
        run(elf);
        passed = true;
      } catch (SystemCallException expected) {
        failures++;
      } finally {
        assertThat(SETRLIMIT.call(RLIMIT_NOFILE, limits.address())).isZero();
      }
      assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
    }
    plugs.forEach(Libc::close);
    assertThat(passed).isTrue();
    assertThat(failures).isGreaterThan(15);
  }

  /**
   * Fills the free numbers below the highest used one: the limit is on numbers, not on how many
   * there are.
   */
  private static List<Integer> plugHoles() {
    List<Integer> plugs = new ArrayList<>();
    int highest = OpenDescriptors.highest();
    int fd = Libc.openAt(Libc.AT_FDCWD, "/dev/null", 0);
    while (fd < highest) {
      plugs.add(fd);
      fd = Libc.openAt(Libc.AT_FDCWD, "/dev/null", 0);
    }
    plugs.add(fd);
    return plugs;
  }

  /** Without descriptors the JVM opens no class file either, and what fails here must be ours. */
  private static void loadClassesOfFailures() {
    // Used only where no tracefs is mounted, or can no longer be opened.
    assertThat(DetachedMount.class.getDeclaredMethods()).isNotEmpty();
    try (BpfObject rejected = TestObjects.open("rejected")) {
      assertThatThrownBy(rejected::load).isInstanceOf(VerifierException.class);
    }
    try (BpfObject missing = TestObjects.open("missing_hooks")) {
      missing.programs().forEach(p -> p.setAutoload(p.name().equals("no_raw_tracepoint")));
      missing.load();
      assertThatThrownBy(() -> missing.attach(missing.program("no_raw_tracepoint")))
          .isInstanceOf(BpfException.class);
    }
    for (KernelFeature feature : KernelFeature.values()) {
      assertThat(feature.probe().toString()).isNotEmpty();
    }
  }

  private void lowerTo(long descriptors) {
    lowered.setAtIndex(JAVA_LONG, 0, descriptors);
    lowered.setAtIndex(JAVA_LONG, 1, limits.getAtIndex(JAVA_LONG, 1));
    assertThat(SETRLIMIT.call(RLIMIT_NOFILE, lowered.address())).isZero();
  }
}
