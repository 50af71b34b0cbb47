// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import java.util.List;

/**
 * A flag of a command: the one description from which parser, help and completion are made.
 * Immutable.
 *
 * @param name its long name with dashes, such as {@code --output}
 * @param letter its one-letter name with the dash, such as {@code -o}; empty if it has none
 * @param valueLabel what stands for the value in the help; empty for a switch
 * @param description one line
 * @param group its heading in the help
 * @param traits what else the parser, the help and the completion must know
 */
public record Flag(
    String name,
    String letter,
    String valueLabel,
    String description,
    FlagGroup group,
    Traits traits) {

  /** A flag that takes a value. */
  public static Flag ofValue(FlagGroup group, String name, String label, String description) {
    return new Flag(name, "", label, description, group, Traits.PLAIN);
  }

  /** A flag that is there or not; {@code --name=false} switches it off again. */
  public static Flag ofSwitch(FlagGroup group, String name, String description) {
    return new Flag(name, "", "", description, group, Traits.PLAIN);
  }

  /** The same flag with a one-letter name, {@code -x}. */
  public Flag withLetter(String newLetter) {
    return new Flag(name, newLetter, valueLabel, description, group, traits);
  }

  /** The same flag, which may be given more than once. */
  public Flag repeatable() {
    return withTraits(new Traits(true, traits.otherNames(), traits.completion(), traits.values()));
  }

  /** The same flag with further names, which the help leaves out. */
  public Flag withOtherNames(String... names) {
    return withTraits(
        new Traits(traits.repeatable(), List.of(names), traits.completion(), traits.values()));
  }

  /** The same flag, its values completed so. */
  public Flag completedBy(Completion completion) {
    return withTraits(
        new Traits(traits.repeatable(), traits.otherNames(), completion, traits.values()));
  }

  /** The same flag, its values completed from a fixed list. */
  public Flag withValues(List<String> values) {
    return withTraits(
        new Traits(traits.repeatable(), traits.otherNames(), Completion.VALUES, values));
  }

  private Flag withTraits(Traits newTraits) {
    return new Flag(name, letter, valueLabel, description, group, newTraits);
  }

  /** True if it takes no value. */
  public boolean isSwitch() {
    return valueLabel.isEmpty();
  }

  /** True if it is called so: by its long name, its letter or a further name. */
  public boolean isNamed(String text) {
    return name.equals(text) || letter.equals(text) || traits.otherNames().contains(text);
  }

  /**
   * What else there is to know about a flag.
   *
   * @param repeatable true if it may be given more than once
   * @param otherNames names that work as well but stand in no help; unmodifiable
   * @param completion how a shell completes its value
   * @param values the values to offer with {@link Completion#VALUES}; unmodifiable
   */
  public record Traits(
      boolean repeatable, List<String> otherNames, Completion completion, List<String> values) {
    static final Traits PLAIN = new Traits(false, List.of(), Completion.NONE, List.of());

    public Traits {
      otherNames = List.copyOf(otherNames);
      values = List.copyOf(values);
    }
  }

  /** How a shell completes a flag's value. */
  public enum Completion {
    /** Not at all: numbers, durations. */
    NONE,
    /** From a fixed list. */
    VALUES,
    /** Output modes, and the fields behind {@code columns=}. */
    OUTPUT,
    /** A comma list of the gadget's fields. */
    FIELDS,
    /** A comma list of comparisons with the gadget's fields, values where they are known. */
    FILTER,
    /** Names of running containers. */
    CONTAINERS
  }
}
