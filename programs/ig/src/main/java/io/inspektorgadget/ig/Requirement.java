// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

/**
 * One thing that {@code ig} needs of its host, and its state.
 *
 * @param name what it is
 * @param state whether it is there
 * @param isOptional true if only some gadgets or commands need it
 * @param detail what was found, or why not
 * @param fix what to do about it; empty if nothing is to be done
 */
record Requirement(String name, State state, boolean isOptional, String detail, String fix) {

  /** Whether something is there. */
  enum State {
    OK,
    MISSING,
    /** It was not to be found out. */
    UNKNOWN
  }

  /** Something that is there. */
  static Requirement ok(String name, boolean isOptional, String detail) {
    return new Requirement(name, State.OK, isOptional, detail, "");
  }

  /** Something that is not there. */
  static Requirement missing(String name, boolean isOptional, String detail, String fix) {
    return new Requirement(name, State.MISSING, isOptional, detail, fix);
  }

  /** True if nothing works without it and it is not there. */
  boolean isFatal() {
    return state == State.MISSING && !isOptional;
  }
}
