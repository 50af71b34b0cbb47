// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import io.inspektorgadget.model.event.TextBuffer;

/** Makes the text of one computed field. Single thread: the run's event loop. */
@FunctionalInterface
public interface FieldFormatter {

  /** Appends the field's text for the event that the view is on. */
  void format(RecordView view, TextBuffer out);

  /** The field's number, for a computed field that is a number and not a text. */
  default long number(RecordView view) {
    return 0;
  }

  /** False if the event has nothing to say for the field. */
  default boolean isPresent(RecordView view) {
    return true;
  }

  /** A formatter that depends on nothing but the field that the computed one is made of. */
  @FunctionalInterface
  interface OfField extends FieldFormatter {}

  /** Of a field that no event of this run has anything to say for. */
  FieldFormatter ABSENT = new Absent();

  /** See {@link #ABSENT}. */
  final class Absent implements FieldFormatter {
    private Absent() {}

    @Override
    public void format(RecordView view, TextBuffer out) {
      // There is no text.
    }

    @Override
    public boolean isPresent(RecordView view) {
      return false;
    }
  }

  /** A formatter that depends on nothing but the container that the event happened in. */
  @FunctionalInterface
  interface OfContainer extends FieldFormatter {}
}
