// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.nio.file.Path;

/** Hears what happens at a gate. Called by the gate's reading thread, one call at a time. */
public interface GateListener {

  /** The group exists: marks can be set. */
  void opened(FanotifyGate gate);

  /** A thread is held until {@link FanotifyGate#allow}, or 200 ms are over. */
  void held(FanotifyGate gate, HeldEvent event);

  /** A mark is in place. */
  void marked(Path path);

  /** A mark or a watch is not in place; {@code why} is a whole sentence. */
  void refused(Path path, String why);

  /** The gate has let something go on itself: {@link FanotifyGate#late} is larger than before. */
  default void late() {
    // Who asks for the number from time to time need not be told.
  }

  /** Something new lies in a watched folder. */
  void folderChanged(FanotifyGate gate);

  /**
   * The gate is over: nothing is held from now on. Called once, last; not after {@link
   * FanotifyGate#close}.
   *
   * @param why a whole sentence
   */
  void ended(String why);
}
