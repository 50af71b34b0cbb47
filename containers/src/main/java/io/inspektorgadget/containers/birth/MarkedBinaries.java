// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import io.inspektorgadget.kernel.fanotify.FanotifyGate;
import io.inspektorgadget.kernel.fanotify.FileKey;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The runtimes that a gate holds. A mark belongs to the file and not to its path, so a replaced or
 * new file needs one of its own. Thread-safe.
 */
final class MarkedBinaries {
  private static final long LOOK_INTERVAL_NS = 2_000_000_000;

  private final RuntimeBinaries usual;
  private final @Nullable EngineRuntimes engines;
  private final Map<Path, FileKey> asked = new TreeMap<>();
  private final Set<Path> marked = new HashSet<>();
  private final Set<Path> watched = new HashSet<>();
  private long lookedAtNs;

  /**
   * None is marked yet.
   *
   * @param engines finds further ones; null if nobody is to
   */
  MarkedBinaries(RuntimeBinaries usual, @Nullable EngineRuntimes engines) {
    this.usual = usual;
    this.engines = engines;
  }

  /** Looks where running engines find their runtimes, and marks what is new. */
  synchronized void lookForEngines(FanotifyGate gate) {
    long nowNs = System.nanoTime();
    // It means reading about every process, so not for each of many containers.
    if (engines != null && (lookedAtNs == 0 || nowNs - lookedAtNs > LOOK_INTERVAL_NS)) {
      lookedAtNs = nowNs;
      engines.look();
    }
    refresh(gate);
  }

  /** Marks what was installed or replaced since the last look. */
  synchronized void refresh(FanotifyGate gate) {
    RuntimeBinaries all = engines == null ? usual : usual.with(engines.folders(), engines.paths());
    // First the folders: what is installed while we look is told of.
    for (Path folder : all.watchedFolders()) {
      if (watched.add(folder)) {
        gate.watchFolder(folder);
      }
    }
    List<Path> files = all.files();
    asked.keySet().retainAll(files);
    marked.retainAll(files);
    for (Path file : files) {
      FileKey.of(file)
          .filter(key -> !key.equals(asked.get(file)))
          .ifPresent(key -> {
            asked.put(file, key);
            marked.remove(file);
            gate.markExec(file);
          });
    }
    gate.flush();
  }

  /** True if this file is one of them, marked or about to be. */
  synchronized boolean has(FileKey file) {
    return asked.containsValue(file);
  }

  /** A mark that was asked for is there; false if it is not one of ours. */
  synchronized boolean isMarked(Path path) {
    return asked.containsKey(path) && marked.add(path);
  }

  /** A mark or watch that was asked for is not there; false if it is not one of ours. */
  synchronized boolean isRefused(Path path) {
    return asked.remove(path) != null || watched.contains(path);
  }

  /** Those whose mark is there, in ascending order. */
  synchronized List<Path> paths() {
    return marked.stream().sorted().toList();
  }

  /** The gate is over. */
  synchronized void clear() {
    marked.clear();
  }
}
