// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

/**
 * Something that a thread of another process is held at. Immutable.
 *
 * @param number by which the gate knows it
 * @param kind what the thread is about to do
 * @param thread who is held
 * @param file what it does it to
 */
public record HeldEvent(int number, Kind kind, HeldThread thread, FileKey file) {

  /** What can be held. */
  public enum Kind {
    /** The execution of a marked binary; the thread still runs its old program. */
    EXEC,
    /** The opening of a marked directory. */
    OPEN_DIRECTORY
  }
}
