// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import io.inspektorgadget.kernel.io.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An open perf event (perf_event_open(2)) for a program to run on. Attaching it hands it over to
 * the link; one that was never attached is closed by its opener.
 */
public final class PerfEvent implements AutoCloseable {
  /** struct perf_event_attr, as of Linux 4.1; kernels take every size that they know. */
  private static final int ATTRIBUTE_SIZE_BYTES = 112;

  private static final int TYPE_OFFSET = 0;
  private static final int SIZE_OFFSET = 4;
  private static final int CONFIG_OFFSET = 8;
  private static final int SAMPLE_OFFSET = 16;
  private static final int FLAGS_OFFSET = 40;
  private static final int TYPE_SOFTWARE = 1;
  private static final int TYPE_TRACEPOINT = 2;
  private static final long SOFTWARE_CPU_CLOCK = 0;
  private static final long FLAG_FREQUENCY = 1L << 10;
  private static final long OPEN_CLOSE_ON_EXEC = 8;
  private static final String ONLINE_CPUS = "/sys/devices/system/cpu/online";

  private final Fd fd;

  private PerfEvent(Fd fd) {
    this.fd = fd;
  }

  /**
   * Samples whatever runs, kernel and user space, on each CPU that is online.
   *
   * @param frequencyHz samples per second and CPU
   * @throws BpfException EACCES or EPERM without CAP_PERFMON; nothing stays open then
   */
  public static List<PerfEvent> cpuClockOnEveryCpu(int frequencyHz) {
    List<PerfEvent> events = new ArrayList<>();
    try {
      for (int cpu : onlineCpus()) {
        events.add(open(cpuClock(frequencyHz), cpu, "a CPU clock on CPU " + cpu));
      }
    } catch (RuntimeException exception) {
      events.forEach(PerfEvent::close);
      throw exception;
    }
    return events;
  }

  /** The event of a tracepoint, on which a program runs for all CPUs. */
  static PerfEvent tracepoint(int id, String subject) {
    return open(new Attributes(TYPE_TRACEPOINT, id, 1, 0), 0, subject);
  }

  private static Attributes cpuClock(int frequencyHz) {
    return new Attributes(TYPE_SOFTWARE, SOFTWARE_CPU_CLOCK, frequencyHz, FLAG_FREQUENCY);
  }

  private static PerfEvent open(Attributes attributes, int cpu, String subject) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(ATTRIBUTE_SIZE_BYTES, 8);
      memory.set(JAVA_INT, TYPE_OFFSET, attributes.type);
      memory.set(JAVA_INT, SIZE_OFFSET, ATTRIBUTE_SIZE_BYTES);
      memory.set(JAVA_LONG, CONFIG_OFFSET, attributes.config);
      memory.set(JAVA_LONG, SAMPLE_OFFSET, attributes.sample);
      memory.set(JAVA_LONG, FLAGS_OFFSET, attributes.flags);
      long result =
          Libc.syscall(
              SystemCall.PERF_EVENT_OPEN, memory.address(), -1, cpu, -1, OPEN_CLOSE_ON_EXEC);
      if (result < 0) {
        throw new BpfException("opening", subject, (int) -result, "");
      }
      return new PerfEvent(Fd.ofResult(result, "opening", subject));
    }
  }

  private record Attributes(int type, long config, long sample, long flags) {}

  /** CPUs from the kernel's list format: {@code 0-3,8}. */
  static int[] cpusOf(String list) {
    List<Integer> cpus = new ArrayList<>();
    for (String range : list.strip().split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      for (int cpu = first; cpu <= last; cpu++) {
        cpus.add(cpu);
      }
    }
    return cpus.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] onlineCpus() {
    String list = Libc.readText(Libc.AT_FDCWD, ONLINE_CPUS, 4096);
    if (list == null || list.isBlank()) {
      throw new BpfException("reading", ONLINE_CPUS, 0, "no list of CPUs there; mount sysfs");
    }
    return cpusOf(list);
  }

  /** Its file descriptor. */
  public int fd() {
    return fd.number();
  }

  /** Gives the descriptor to a link. */
  int release() {
    return fd.release();
  }

  @Override
  public void close() {
    fd.close();
  }
}
