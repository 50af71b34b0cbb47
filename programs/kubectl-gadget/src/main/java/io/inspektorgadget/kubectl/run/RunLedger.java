// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs of this user on this machine that have Traces in a cluster: a file each, locked by the
 * program for as long as it lives. The lock of a program that was killed is gone and its file is
 * not, so the next one knows what was left behind. One thread at a time.
 */
final class RunLedger {
  private static final String SUFFIX = ".run";

  private final @Nullable Path folder;
  private final String serverUrl;

  /**
   * The runs that are noted in a folder.
   *
   * @param folder null: nothing is noted
   * @param serverUrl the API server of the cluster that is meant
   */
  RunLedger(@Nullable Path folder, String serverUrl) {
    this.folder = folder;
    this.serverUrl = serverUrl;
  }

  /** The usual one: in the user's cache; none without a home. */
  static RunLedger of(Map<String, String> environment, String serverUrl) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    Path base = !cache.isEmpty() ? Path.of(cache) : home.isEmpty() ? null : Path.of(home, ".cache");
    return new RunLedger(
        base == null ? null : base.resolve("inspektor-gadget").resolve("runs"), serverUrl);
  }

  /**
   * Notes a run that is about to begin.
   *
   * @return closed by the caller; null if nothing is noted
   * @throws IOException if the folder cannot be written
   */
  @Nullable Entry begin(String runId) throws IOException {
    if (folder == null) {
      return null;
    }
    Files.createDirectories(folder);
    // Under a name that nobody looks for until it is locked and whole.
    Path part = folder.resolve(runId + ".part");
    FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.lock();
      // By this channel: closing another one of the file would let go of the lock.
      channel.write(ByteBuffer.wrap(serverUrl.getBytes(StandardCharsets.UTF_8)));
      Path file = folder.resolve(runId + SUFFIX);
      Files.move(part, file);
      return new Entry(runId, file, channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The runs in this cluster whose program has ended without ending them. The caller closes each.
   *
   * @throws IOException if the folder cannot be read
   */
  List<Entry> abandoned() throws IOException {
    List<Entry> found = new ArrayList<>();
    if (folder == null || !Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        Entry entry = Files.readString(file).equals(serverUrl) ? taken(file) : null;
        if (entry != null) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  /** The run of a file; null if its program lives, or somebody else sees to it. */
  private static @Nullable Entry taken(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // A run of this very process.
      return null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    String name = String.valueOf(file.getFileName());
    return lock == null
        ? null
        : new Entry(name.substring(0, name.length() - SUFFIX.length()), file, channel, lock);
  }

  /** A noted run, locked. Closing it lets go of it and leaves it noted. */
  record Entry(String runId, Path file, FileChannel channel, FileLock lock)
      implements AutoCloseable {

    /** Nothing of it is left in the cluster: it is noted no more. */
    void done() throws IOException {
      Files.deleteIfExists(file);
      close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
