// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What {@code /proc} says about processes. A process that is gone has numbers 0 and no group. */
public final class HostProcesses {

  private static final long NS_PER_SECOND = 1_000_000_000L;

  /** What {@code /proc/PID/stat} counts time in; the same on every Linux that runs us. */
  private static final long TICKS_PER_SECOND = 100;

  private static final int START_TIME_FIELD_AFTER_NAME = 19;

  private final Path proc;
  private final CgroupTree cgroups;

  /** The processes of this host. */
  public HostProcesses(HostFilesystem host) {
    this.proc = host.proc();
    this.cgroups = new CgroupTree(host);
  }

  /** The host's control groups. */
  public CgroupTree cgroups() {
    return cgroups;
  }

  /** Inode number of the process's mount namespace. */
  public long mountNs(long pid) {
    return namespace(pid, "mnt");
  }

  /** Inode number of the process's network namespace. */
  public long netNs(long pid) {
    return namespace(pid, "net");
  }

  /** The process's control group. */
  public Cgroup cgroup(long pid) {
    return cgroups.ofProcess(lines(of(pid).resolve("cgroup")));
  }

  /** When the process was started, in clock ticks since boot. */
  public long startTicks(long pid) {
    List<String> lines = lines(of(pid).resolve("stat"));
    if (lines.isEmpty()) {
      return 0;
    }
    // The name may hold spaces and brackets: the fields begin after the last bracket.
    String line = String.join("\n", lines);
    String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > START_TIME_FIELD_AFTER_NAME
        ? number(fields[START_TIME_FIELD_AFTER_NAME])
        : 0;
  }

  /** When the process was started, ns since 1970. */
  public long startedAtNs(long pid) {
    long ticks = startTicks(pid);
    if (ticks == 0) {
      return 0;
    }
    for (String line : lines(proc.resolve("stat"))) {
      if (line.startsWith("btime ")) {
        long bootSeconds = number(line.substring("btime ".length()));
        return bootSeconds * NS_PER_SECOND + ticks * (NS_PER_SECOND / TICKS_PER_SECOND);
      }
    }
    return 0;
  }

  /** The process's root directory as others reach it. */
  public Path root(long pid) {
    return of(pid).resolve("root");
  }

  /** The process's working directory, empty if it cannot be read. */
  public String workingDirectory(long pid) {
    try {
      return Files.readSymbolicLink(of(pid).resolve("cwd")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** A process in this mount namespace, 0 if there is none. */
  public long anyIn(long mountNs) {
    try (Stream<Path> entries = Files.list(proc)) {
      return entries
          .mapToLong(entry -> number(entry.getFileName().toString()))
          .filter(pid -> pid > 0 && mountNs(pid) == mountNs)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("listing " + proc + ": not readable", e);
    }
  }

  private long namespace(long pid, String kind) {
    try {
      String link = Files.readSymbolicLink(of(pid).resolve("ns").resolve(kind)).toString();
      int open = link.indexOf('[');
      return open > 0 && link.endsWith("]")
          ? number(link.substring(open + 1, link.length() - 1))
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private Path of(long pid) {
    return proc.resolve(Long.toString(pid));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // The process is gone, or another user's where we may not look.
      return List.of();
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
