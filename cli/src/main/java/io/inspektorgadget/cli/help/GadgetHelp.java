// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.help;

import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The help of one gadget: what it does, examples, flags, and the fields of its events. */
public final class GadgetHelp {
  private static final String EXAMPLES_PROGRAM = "ig";

  private final String program;
  private final String words;
  private final GadgetSpec gadget;

  /**
   * The help of a gadget.
   *
   * @param program how the user calls the program, such as {@code ig}
   * @param words the gadget's command, such as {@code trace open}
   * @param gadget the gadget
   */
  public GadgetHelp(String program, String words, GadgetSpec gadget) {
    this.program = program;
    this.words = words;
    this.gadget = gadget;
  }

  /** Writes it. */
  public void write(HelpPage page, List<Flag> flags) {
    page.paragraph(gadget.description().isEmpty() ? gadget.name() : gadget.description());
    page.heading("Usage").line(program + " " + words + " [flags]");
    List<String> otherNames = gadget.names();
    if (otherNames.size() > 1) {
      page.heading("Also called");
      page.line(String.join(", ", otherNames.subList(1, otherNames.size())));
    }
    writeExamples(page, flags);
    for (SourceSpec source : gadget.sources()) {
      writeModes(page, source.source(), gadget.sources().size() > 1);
    }
    page.flags(flags);
    for (SourceSpec source : gadget.sources()) {
      writeFields(page, source.source(), gadget.sources().size() > 1);
    }
  }

  /** Those that use only flags which this program has. */
  private void writeExamples(HelpPage page, List<Flag> flags) {
    String examples = gadget.annotations().getOrDefault("examples", "");
    List<String> usable = new ArrayList<>();
    for (String line : examples.strip().split("\n", -1)) {
      if (!line.isBlank() && usesOnly(line, flags)) {
        usable.add(line.strip());
      }
    }
    if (usable.isEmpty()) {
      return;
    }
    page.heading("Examples");
    for (String example : usable) {
      page.line(ofProgram(program, example));
    }
  }

  private static boolean usesOnly(String example, List<Flag> flags) {
    for (String word : example.strip().split("\\s+", -1)) {
      if (word.startsWith("#")) {
        return true;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (name.startsWith("--") && flags.stream().noneMatch(flag -> flag.isNamed(name))) {
        return false;
      }
    }
    return true;
  }

  /** An example of the use of {@code ig}, as it reads for this program. */
  public static String ofProgram(String program, String example) {
    boolean isOurs = example.startsWith(EXAMPLES_PROGRAM + " ");
    return isOurs ? program + example.substring(EXAMPLES_PROGRAM.length()) : example;
  }

  /** Which output modes suit the events, where that is said: some have forms of their own. */
  private static void writeModes(HelpPage page, DataSource source, boolean isNamed) {
    if (OutputMode.areSaidBy(source)) {
      page.heading(isNamed ? "Output modes of " + source.name() : "Output modes");
      page.line("-o " + String.join("|", OutputMode.namesFor(source)));
    }
  }

  private static void writeFields(HelpPage page, DataSource source, boolean isNamed) {
    List<HelpPage.Entry> entries = new ArrayList<>();
    for (FieldSpec field : source.schema().fields()) {
      String alias = field.annotation("columns.alias");
      String mark = field.isHidden() ? "  " : "* ";
      String name = alias.isEmpty() || alias.equals(field.name()) ? "" : " (" + alias + ")";
      entries.add(new HelpPage.Entry(mark + field.name() + name, description(field)));
    }
    page.heading(
        (isNamed ? "Fields of " + source.name() : "Fields") + " (* is a column by default)");
    page.list(entries);
  }

  private static String description(FieldSpec field) {
    String type = field.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String text = field.description().isEmpty() ? type : type + ": " + field.description();
    List<String> values = field.possibleValues();
    return values.isEmpty() ? text : text + " (one of " + String.join(", ", values) + ")";
  }
}
