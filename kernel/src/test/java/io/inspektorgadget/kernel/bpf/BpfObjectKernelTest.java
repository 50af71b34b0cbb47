// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.io.Epoll;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.NativeFunction;
import io.inspektorgadget.kernel.io.SystemCall;
import io.inspektorgadget.kernel.namespace.NamespaceFd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Objects in the running kernel; what they trace is this process alone. */
@Tag("kernel")
class BpfObjectKernelTest {
  private static final NativeFunction GETPGID = NativeFunction.ofLibc("getpgid");

  private final Arena arena = Arena.ofAuto();
  private List<String> openBefore = List.of();

  @BeforeEach
  void remember() {
    openBefore = OpenDescriptors.kernelObjects();
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(openBefore);
  }

  private static BpfObject openTracing() {
    BpfObject object = TestObjects.open("tracing");
    object.setVariable("watched_tgid", word((int) ProcessHandle.current().pid()));
    object.setVariable(
        "marker",
        ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0x1122_3344_5566L).array());
    return object;
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private static void triggerGetpgid(int times) {
    for (int round = 0; round < times; round++) {
      GETPGID.call(0);
    }
  }

  @Test
  void openingTouchesNoKernel() {
    try (BpfObject object = openTracing()) {
      assertThat(OpenDescriptors.kernelObjects()).isEqualTo(openBefore);
      assertThat(object.programs())
          .extracting(BpfProgram::name)
          .containsExactlyInAnyOrder(
              "on_getpgid", "on_raw_enter", "on_btf_enter", "each_task", "on_sample", "on_uprobe");
      BpfMap events = object.map("events");
      assertThat(events.type()).isEqualTo(MapType.RING_BUFFER);
      assertThat(events.maxEntries()).isEqualTo(65536);
      assertThat(object.findMap("none")).isNull();
      assertThat(object.hasVariable("watched_tgid")).isTrue();
      assertThat(object.hasVariable("events")).isFalse();
      assertThat(object.variableSizeBytes("marker")).isEqualTo(8);
      assertThat(object.program("on_getpgid").isLoaded()).isFalse();
      assertThatThrownBy(events::fd)
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("ENOENT");
      assertThatThrownBy(() -> object.setVariable("marker", word(1)))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("it has 8 bytes, not 4");
    }
  }

  @Test
  void tracesAndReadsTheRing() {
    try (BpfObject object = openTracing()) {
      object.map("events").setMaxEntries(1 << 17);
      object.load();
      object.attach(object.program("on_getpgid"));
      MemorySegment waits = object.variable("gadget_reader_waits");
      try (RingBufferReader reader = RingBufferReader.open(object.map("events"), waits)) {
        triggerGetpgid(1000);
        List<Long> markers = new ArrayList<>();
        int count =
            reader.drain(
                (ring, offset, lengthBytes) -> {
                  assertThat(lengthBytes).isEqualTo(16);
                  assertThat(ring.get(JAVA_INT, offset + 8))
                      .isEqualTo((int) ProcessHandle.current().pid());
                  markers.add(ring.get(JAVA_LONG, offset));
                },
                Integer.MAX_VALUE);
        assertThat(count).isEqualTo(1000);
        assertThat(markers).containsOnly(0x1122_3344_5566L);
        assertThat(object.map("counters").sumPerCpu(0)).isEqualTo(1000);
        assertThat(object.map("counters").sumPerCpu(1)).isZero();
        assertThat(reader.prepareToBlock()).isTrue();
      }
    }
  }

  @Test
  void countsWhatAFullRingLoses() {
    try (BpfObject object = openTracing()) {
      object.map("events").setMaxEntries(4096);
      object.load();
      object.attach(object.program("on_getpgid"));
      triggerGetpgid(1000);
      try (RingBufferReader reader = RingBufferReader.open(object.map("events"), null)) {
        int count = reader.drain((ring, offset, lengthBytes) -> {}, Integer.MAX_VALUE);
        assertThat(count).isBetween(100, 171);
        assertThat(object.map("counters").sumPerCpu(1)).isEqualTo(1000 - count);
      }
    }
  }

  @Test
  void theProgramWakesAReaderThatWaits() throws Exception {
    try (BpfObject object = openTracing()) {
      object.load();
      object.attach(object.program("on_getpgid"));
      MemorySegment waits = object.variable("gadget_reader_waits");
      try (RingBufferReader reader = RingBufferReader.open(object.map("events"), waits);
          Epoll epoll = Epoll.open()) {
        epoll.add(reader.fd(), 5);
        int[] tokens = new int[1];
        for (int round = 0; round < 200; round++) {
          assertThat(reader.prepareToBlock()).isTrue();
          CompletableFuture<Integer> waiting =
              CompletableFuture.supplyAsync(() -> epoll.await(tokens, 30_000));
          triggerGetpgid(1);
          assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(1);
          assertThat(waits.get(JAVA_INT, 0)).isZero();
          assertThat(reader.drain((ring, offset, lengthBytes) -> {}, 10)).isEqualTo(1);
          assertThat(epoll.await(tokens, 0)).isZero();
        }
      }
    }
  }

  @Tag("every-kernel")
  @Test
  void attachesEveryKindOfHook() {
    try (BpfObject object = openTracing()) {
      object.load();
      MemorySegment raw = object.variable("seen_raw");
      MemorySegment btf = object.variable("seen_btf");
      MemorySegment uprobe = object.variable("seen_uprobe");
      BpfLink rawLink = object.attach(object.program("on_raw_enter"));
      BpfLink btfLink = object.attach(object.program("on_btf_enter"));
      BpfLink uprobeLink = object.attach(object.program("on_uprobe"));
      triggerGetpgid(50);
      assertThat(raw.get(JAVA_LONG, 0)).isGreaterThanOrEqualTo(50);
      assertThat(btf.get(JAVA_LONG, 0)).isGreaterThanOrEqualTo(50);
      assertThat(uprobe.get(JAVA_LONG, 0)).isEqualTo(50);
      uprobeLink.close();
      uprobeLink.close();
      assertThatThrownBy(uprobeLink::fd).isInstanceOf(IllegalStateException.class);
      triggerGetpgid(50);
      assertThat(uprobe.get(JAVA_LONG, 0)).isEqualTo(50);
      assertThat(rawLink.fd()).isPositive();
      assertThat(btfLink.fd()).isPositive();
    }
  }

  @Tag("every-kernel")
  @Test
  void programsAndDescriptorsAgreeOnNamespaces() {
    try (BpfObject object = openTracing();
        NamespaceFd own = NamespaceFd.open(ProcessHandle.current().pid(), NamespaceFd.Kind.MNT)) {
      object.load();
      object.attach(object.program("on_btf_enter"));
      triggerGetpgid(1);
      assertThat(object.variable("namespace_inode").get(JAVA_LONG, 0)).isEqualTo(own.inode());
      // Between 6.8 and 6.10 programs know the id, but no ioctl tells it.
      if (own.uniqueId() != 0) {
        assertThat(object.variable("namespace_id").get(JAVA_LONG, 0)).isEqualTo(own.uniqueId());
      }
    }
  }

  @Test
  void walksOverTasks() {
    try (BpfObject object = openTracing()) {
      object.load();
      BpfLink link = object.attach(object.program("each_task"));
      MemorySegment buffer = arena.allocate(64 * 1024);
      for (int walk = 0; walk < 2; walk++) {
        try (BpfIterator iterator = object.iterate(link)) {
          int total = 0;
          int count = iterator.read(buffer.asSlice(total));
          while (count > 0) {
            total += count;
            count = iterator.read(buffer.asSlice(total));
          }
          assertThat(total).isPositive().matches(bytes -> bytes % 4 == 0);
          for (int offset = 0; offset < total; offset += 4) {
            assertThat(buffer.get(JAVA_INT, offset)).isEqualTo((int) ProcessHandle.current().pid());
          }
        }
      }
    }
  }

  @Test
  void samplesOnEveryCpu() {
    try (BpfObject object = openTracing()) {
      object.load();
      List<BpfLink> links = object.attachCpuClock(object.program("on_sample"), 997);
      assertThat(links).isNotEmpty();
      MemorySegment samples = object.variable("samples");
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (samples.get(JAVA_LONG, 0) < 20 && System.nanoTime() < deadlineNs) {
        Thread.onSpinWait();
      }
      assertThat(samples.get(JAVA_LONG, 0)).isGreaterThanOrEqualTo(20);
    }
  }

  @Test
  @SuppressWarnings("try") // Closed early on purpose; the block closes it again.
  void variablesOfDataAndBssAreShared() {
    try (BpfObject object = openTracing()) {
      object.setVariable(
          "seen_raw", ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(7).array());
      object.load();
      assertThat(object.variable("initialised").get(JAVA_LONG, 0)).isEqualTo(41);
      assertThat(object.variable("seen_raw").get(JAVA_LONG, 0)).isEqualTo(7);
      assertThat(object.variable("marker").get(JAVA_LONG, 0)).isEqualTo(0x1122_3344_5566L);
      assertThatThrownBy(() -> object.setVariable("marker", new byte[8]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loaded already");
      MemorySegment variable = object.variable("seen_raw");
      object.close();
      assertThatThrownBy(() -> variable.get(JAVA_LONG, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @SuppressWarnings("try") // Closed early on purpose; the block closes it again.
  void oneObjectUsesTheMapOfAnother() {
    MemorySegment key = arena.allocate(8);
    MemorySegment value = arena.allocate(4);
    try (BpfObject owner = openTracing();
        BpfObject user = openTracing()) {
      owner.load();
      assertThatThrownBy(() -> user.map("table").reuse(owner.map("small")))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("EINVAL");
      user.map("table").reuse(owner.map("table"));
      user.load();
      key.set(JAVA_LONG, 0, 12);
      value.set(JAVA_INT, 0, 34);
      owner.map("table").update(key, value);
      owner.close();
      value.set(JAVA_INT, 0, 0);
      assertThat(user.map("table").lookup(key, value)).isTrue();
      assertThat(value.get(JAVA_INT, 0)).isEqualTo(34);
    }
  }

  @Test
  void closesOnceAndRefusesUseAfterwards() {
    BpfObject object = openTracing();
    object.load();
    BpfLink link = object.attach(object.program("on_raw_enter"));
    BpfMap map = object.map("table");
    int fd = map.fd();
    object.close();
    object.close();
    assertThat(fd).isPositive();
    assertThatThrownBy(link::fd).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(map::fd).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(object::load).isInstanceOf(IllegalStateException.class);
    assertThat(object.program("on_raw_enter").isLoaded()).isFalse();
  }

  @Test
  void whatIsDetachedLaterIsDetachedByTheKernel() throws Exception {
    BpfObject object = openTracing();
    object.load();
    object.attach(object.program("on_getpgid"));
    BpfLink link = object.attach(object.program("on_raw_enter"));
    long id = linkId(link);
    assertThat(linkExists(id)).isTrue();
    object.detachLater();
    object.close();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (linkExists(id) && System.nanoTime() < deadlineNs) {
      Thread.onSpinWait();
    }
    assertThat(linkExists(id)).isFalse();
  }

  private static long linkId(BpfLink link) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + link.fd()))) {
      if (line.startsWith("link_id:")) {
        return Long.parseLong(line.substring("link_id:".length()).strip());
      }
    }
    throw new IllegalStateException("no id in the fdinfo of " + link.program());
  }

  /** Asks bpf(2), BPF_LINK_GET_FD_BY_ID. */
  private boolean linkExists(long id) {
    int commandLinkFdById = 30;
    MemorySegment attributes = arena.allocate(8, 8);
    attributes.set(JAVA_INT, 0, (int) id);
    long fd =
        Libc.syscall(
            SystemCall.BPF, commandLinkFdById, attributes.address(), attributes.byteSize());
    if (fd >= 0) {
      Libc.close((int) fd);
    }
    return fd >= 0;
  }
}
