// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The host's processes, as its /proc shows them. Numbers are those of the PID namespace that this
 * /proc was mounted in. What is gone, or hidden, is empty. Thread-safe.
 */
public final class Procfs {
  private static final int START_FIELD_BEHIND_NAME = 19;
  private static final int TICKS_PER_SECOND = 100;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final Path root;

  /** The processes of a host. */
  public Procfs(HostFilesystem host) {
    this.root = host.proc();
  }

  /**
   * All processes, in ascending order.
   *
   * @throws UncheckedIOException if there is no /proc
   */
  public long[] processes() {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
          .mapToLong(Long::parseLong)
          .sorted()
          .toArray();
    } catch (IOException exception) {
      throw new UncheckedIOException("listing processes in " + root + ": mount proc", exception);
    }
  }

  /** What /proc/PID/status says. */
  public Optional<ProcessStatus> status(long pid) {
    return text(pid, "status").map(status -> ProcessStatus.parse(status.lines().toList()));
  }

  /** The command's name, at most 15 bytes; invalid UTF-8 shows as U+FFFD. */
  public Optional<String> comm(long pid) {
    return bytes(pid, "comm")
        .map(name -> new String(name, StandardCharsets.UTF_8).replaceAll("\n$", ""));
  }

  /** The words of the command line; none for a kernel thread. Invalid UTF-8 shows as U+FFFD. */
  public List<String> cmdline(long pid) {
    byte[] line = bytes(pid, "cmdline").orElse(new byte[0]);
    if (line.length == 0) {
      return List.of();
    }
    // The last word ends with a NUL, unless the process has overwritten it.
    int length = line[line.length - 1] == 0 ? line.length - 1 : line.length;
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    return Arrays.asList(text.split("\0", -1));
  }

  /** The lines of /proc/PID/cgroup: {@code hierarchy:controllers:path}. */
  public List<String> cgroup(long pid) {
    return text(pid, "cgroup").map(lines -> lines.lines().toList()).orElse(List.of());
  }

  /** Its mount namespace. */
  public NamespaceId mountNs(long pid) {
    return namespace(pid, "mnt");
  }

  /** Its network namespace. */
  public NamespaceId netNs(long pid) {
    return namespace(pid, "net");
  }

  private NamespaceId namespace(long pid, String kind) {
    Path link = file(pid, "ns/" + kind);
    try {
      String target = Files.readSymbolicLink(link).toString();
      int open = target.indexOf('[');
      int close = target.indexOf(']');
      return open < 0 || close < open
          ? NamespaceId.unknown("reading " + link + ": unknown form " + target)
          : NamespaceId.known(Long.parseLong(target.substring(open + 1, close)));
    } catch (NoSuchFileException gone) {
      return NamespaceId.unknown("process " + pid + " is gone");
    } catch (AccessDeniedException hidden) {
      return NamespaceId.unknown("reading " + link + ": EACCES");
    } catch (IOException exception) {
      return NamespaceId.unknown("reading " + link + ": " + exception.getMessage());
    }
  }

  /** When it started, in clock ticks since boot: with its number, the identity of a process. */
  public OptionalLong startTicks(long pid) {
    Optional<String> stat = text(pid, "stat");
    if (stat.isEmpty()) {
      return OptionalLong.empty();
    }
    // The name in brackets may hold anything: the fields begin behind the last bracket.
    String line = stat.get();
    String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length > START_FIELD_BEHIND_NAME
        ? OptionalLong.of(Long.parseLong(fields[START_FIELD_BEHIND_NAME]))
        : OptionalLong.empty();
  }

  /** When it started, in ns since 1970, exact to a clock tick. */
  public OptionalLong startTimeNs(long pid) {
    OptionalLong ticks = startTicks(pid);
    OptionalLong bootSeconds = bootSeconds();
    return ticks.isEmpty() || bootSeconds.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            bootSeconds.getAsLong() * NS_PER_SECOND
                + ticks.getAsLong() * (NS_PER_SECOND / TICKS_PER_SECOND));
  }

  private OptionalLong bootSeconds() {
    String prefix = "btime ";
    return text(root.resolve("stat")).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(prefix))
        .mapToLong(line -> Long.parseLong(line.substring(prefix.length()).strip()))
        .findFirst();
  }

  /** What it sees mounted, in the order of mounting. */
  public List<MountPoint> mountPoints(long pid) {
    return text(pid, "mountinfo").stream()
        .flatMap(String::lines)
        .flatMap(line -> MountPoint.parse(line).stream())
        .toList();
  }

  private Path file(long pid, String name) {
    return root.resolve(Long.toString(pid)).resolve(name);
  }

  private Optional<String> text(long pid, String name) {
    return text(file(pid, name));
  }

  private static Optional<String> text(Path file) {
    return bytes(file).map(content -> new String(content, StandardCharsets.UTF_8));
  }

  private Optional<byte[]> bytes(long pid, String name) {
    return bytes(file(pid, name));
  }

  private static Optional<byte[]> bytes(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException goneOrHidden) {
      // ENOENT or ESRCH where the process is gone, EACCES where it is hidden from us.
      return Optional.empty();
    }
  }
}
