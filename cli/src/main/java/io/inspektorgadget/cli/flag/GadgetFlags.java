// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParameterValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A gadget's parameters as flags, and what was given of them. A parameter whose name one of the
 * program's own flags has is offered as {@code --gadget-NAME}.
 */
public final class GadgetFlags {
  private final GadgetSpec gadget;
  private final List<Flag> flags;

  /** The parameters of the gadget beside the program's own flags. */
  public GadgetFlags(GadgetSpec gadget, List<Flag> ownFlags) {
    this.gadget = gadget;
    List<Flag> made = new ArrayList<>(gadget.parameters().size());
    for (ParamSpec parameter : gadget.parameters()) {
      String name = "--" + parameter.key();
      String letter = parameter.alias().isEmpty() ? "" : "-" + parameter.alias();
      made.add(
          flag(parameter, isTaken(ownFlags, name) ? "--gadget-" + parameter.key() : name)
              .withLetter(isTaken(ownFlags, letter) ? "" : letter));
    }
    this.flags = List.copyOf(made);
  }

  /** One flag for each parameter, in its order; unmodifiable. */
  public List<Flag> flags() {
    return flags;
  }

  /**
   * The values that were given, by the parameter's key.
   *
   * @throws UsageException if a value has the wrong type, or a mandatory one is missing
   */
  public Map<String, String> parameters(ParsedFlags parsed) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < flags.size(); i++) {
      Flag flag = flags.get(i);
      ParamSpec parameter = gadget.parameters().get(i);
      if (parsed.has(flag)) {
        values.put(parameter.key(), value(parameter, flag, parsed.text(flag)));
      } else if (parameter.mandatory()) {
        throw new UsageException(
            "running "
                + gadget.name()
                + ": "
                + flag.name()
                + " is missing; write "
                + flag.name()
                + " "
                + flag.valueLabel());
      }
    }
    return values;
  }

  private static String value(ParamSpec parameter, Flag flag, String text) {
    try {
      return ParameterValue.parse(parameter, flag.name(), text).text();
    } catch (GadgetException e) {
      throw new UsageException(SafeText.of(String.valueOf(e.getMessage())));
    }
  }

  private static boolean isTaken(List<Flag> ownFlags, String name) {
    for (Flag flag : ownFlags) {
      if (!name.isEmpty() && flag.isNamed(name)) {
        return true;
      }
    }
    return false;
  }

  private static Flag flag(ParamSpec parameter, String name) {
    String description = description(parameter);
    if (parameter.kind() == ParamSpec.Kind.BOOL) {
      return Flag.ofSwitch(FlagGroup.GADGET, name, description);
    }
    Flag flag = Flag.ofValue(FlagGroup.GADGET, name, label(parameter.kind()), description);
    if (isList(parameter.kind())) {
      flag = flag.repeatable();
    }
    return parameter.possibleValues().isEmpty()
        ? flag
        : flag.withValues(parameter.possibleValues());
  }

  private static String description(ParamSpec parameter) {
    StringBuilder text = new StringBuilder(parameter.description());
    if (!parameter.possibleValues().isEmpty()) {
      text.append(" (").append(String.join(", ", parameter.possibleValues())).append(')');
    }
    String defaultValue = parameter.defaultValue();
    boolean isSaid = !defaultValue.isEmpty() && !isZero(parameter.kind(), defaultValue);
    if (isSaid) {
      text.append(" [default: ").append(defaultValue).append(']');
    }
    return SafeText.of(text.toString());
  }

  private static boolean isZero(ParamSpec.Kind kind, String value) {
    return kind == ParamSpec.Kind.BOOL ? value.equals("false") : value.equals("0");
  }

  private static boolean isList(ParamSpec.Kind kind) {
    return kind == ParamSpec.Kind.UINT_LIST || kind == ParamSpec.Kind.NAME_LIST;
  }

  private static String label(ParamSpec.Kind kind) {
    return switch (kind) {
      case BOOL -> "";
      case INT, UINT -> "N";
      case SIGNAL -> "SIGNAL";
      case FLOAT -> "NUMBER";
      case STRING -> "TEXT";
      case IP_ADDRESS -> "ADDRESS";
      case UINT_LIST, NAME_LIST -> "LIST";
    };
  }
}
