// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that share a kernel: each is told of its own newborns, by its own process numbers. */
@Tag("runtime")
class PidNamespaceRuntimeTest {
  private static final HostFilesystem HOST = new HostFilesystem(Path.of("/"));
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  /** A shell in a PID namespace that, for each line, starts a program in a new mount namespace. */
  private static final String[] NODE = {
    "unshare",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "-m",
    "sh",
    "-c",
    "while read -r line; do unshare -m sleep 1000 & echo $!; done"
  };

  private final HostProcesses processes = new HostProcesses(HOST);

  /** What the kernel says of newborns, as far as it was asked for. */
  private static final class Told implements AutoCloseable {
    private final LineageHook hook;
    private final List<Birth> births = new ArrayList<>();

    Told(long pidNs) {
      hook = LineageHook.open(new RuntimeBinaries(HOST, List.of(), List.of()), pidNs);
    }

    boolean isTold(long mountNs) {
      hook.drain(births::add);
      return births.stream().anyMatch(birth -> birth.mountNs().inode() == mountNs);
    }

    Birth of(long mountNs) {
      return births.stream().filter(b -> b.mountNs().inode() == mountNs).findAny().orElseThrow();
    }

    @Override
    public void close() {
      hook.close();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long limitNs = System.nanoTime() + LIMIT_NS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + " in time").isLessThan(limitNs);
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  /** The mount namespace of the process that the node knows by this number. */
  private long newborn(long pidNs, long numberInNode) {
    List<Long> found = new ArrayList<>();
    await(
        "the program in its namespace",
        () -> {
          found.clear();
          for (long pid : processes.all()) {
            List<Long> numbers = processes.pidsInNamespaces(pid);
            if (processes.pidNs(pid) == pidNs
                && numbers.getLast() == numberInNode
                && processes.mountNs(pid) != processes.mountNs(processes.parent(pid))) {
              found.add(processes.mountNs(pid));
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  private static long startIn(Process node, BufferedReader answers) throws IOException {
    node.getOutputStream().write('\n');
    node.getOutputStream().flush();
    return Long.parseLong(answers.readLine());
  }

  @Test
  void eachNodeIsToldOfItsOwn() throws Exception {
    Process one = new ProcessBuilder(NODE).start();
    Process other = new ProcessBuilder(NODE).start();
    try (BufferedReader ofOne = one.inputReader();
        BufferedReader ofOther = other.inputReader()) {
      // A first answer, and each has its namespace.
      startIn(one, ofOne);
      startIn(other, ofOther);
      long nsOfOne = processes.pidNsOfChildren(one.pid());
      long nsOfOther = processes.pidNsOfChildren(other.pid());
      try (Told toOne = new Told(nsOfOne);
          Told toHost = new Told(processes.hostPidNs())) {
        long numberInOther = startIn(other, ofOther);
        long foreign = newborn(nsOfOther, numberInOther);
        long number = startIn(one, ofOne);
        long own = newborn(nsOfOne, number);
        await("its own newborn is told", () -> toOne.isTold(own));
        assertThat(toOne.of(own).process().pid()).isEqualTo(number);
        // It was born before, so it would have been told before.
        assertThat(toOne.isTold(foreign)).isFalse();

        await("the host is told of both", () -> toHost.isTold(own) && toHost.isTold(foreign));
        long onHost = toHost.of(own).process().pid();
        assertThat(processes.pidsInNamespaces(onHost)).containsExactly(onHost, number);
        assertThat(toHost.of(foreign).process().pidInNamespace()).isEqualTo(numberInOther);
      }
    } finally {
      one.destroyForcibly();
      other.destroyForcibly();
    }
  }
}
