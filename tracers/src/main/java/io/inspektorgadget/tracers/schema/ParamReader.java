// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.kernel.btf.ObjectVariables;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an object: its marked variables, and the list filters that its code asks. A
 * filter map that only a header defines and no program looks at is no parameter.
 */
final class ParamReader {
  /** Keys and descriptions that the contract gives to variables of these names. */
  private static final Map<String, List<String>> BUILT_IN =
      Map.of(
          "targ_pid", List.of("pid", "Only events of the process with this id"),
          "targ_tid", List.of("tid", "Only events of the thread with this id"),
          "targ_uid", List.of("uid", "Only events of processes of this user id"),
          "targ_gid", List.of("gid", "Only events of processes of this group id"),
          "targ_comm", List.of("comm", "Only events of processes of this name"),
          "collect_ustack", List.of("collect-ustack", "Take the user stack with each event"),
          "collect_build_id",
              List.of("collect-build-id", "Take build ids instead of addresses in user stacks"),
          "collect_otel_stack",
              List.of("collect-otel-stack", "Take stacks of interpreted languages"));

  private static final String FILTER_MAP = "gadget_filter_";
  private static final String DEFAULT_OF = "paramDefaults.operator.oci.ebpf.";
  private static final List<List<String>> LIST_FILTERS =
      List.of(
          List.of("pid", "Processes to trace, by id: 12,40 traces these, !12 all others"),
          List.of("tid", "Threads to trace, by id: 12,40 traces these, !12 all others"),
          List.of("uid", "Users to trace, by id: 0,1000 traces these, !0 all others"),
          List.of("gid", "Groups to trace, by id: 0,1000 traces these, !0 all others"),
          List.of("comm", "Processes to trace, by name: sh,cat traces these, !sh all others"));

  private final Btf btf;
  private final ObjectVariables variables;
  private final GadgetMetadata metadata;

  ParamReader(Btf btf, ObjectVariables variables, GadgetMetadata metadata) {
    this.btf = btf;
    this.variables = variables;
    this.metadata = metadata;
  }

  /**
   * All parameters: the object's own first, then the list filters.
   *
   * @param marked the variables that have a parameter marker
   * @param used names of the maps and variables that the object's code refers to
   * @throws GadgetException if a marked variable is not there or of a type that no value fits,
   *     gadget.yaml names one that is not marked, or two have one key
   */
  List<ParamSpec> read(String gadget, List<String> marked, Set<String> used) {
    metadata.parameters.forEach((variable, said) -> {
      if (!marked.contains(variable)) {
        throw said.place()
            .misnamed(
                "the object has no parameter "
                    + variable
                    + NearestName.suggestion(variable, marked));
      }
    });
    List<ParamSpec> parameters = new ArrayList<>();
    for (String variable : marked) {
      parameters.add(variable(gadget, variable));
    }
    for (List<String> filter : LIST_FILTERS) {
      String key = filter.get(0);
      if (used.contains(FILTER_MAP + key)
          && MapDefinition.find(btf, variables, FILTER_MAP + key) != null) {
        ParamSpec.Kind kind =
            key.equals("comm") ? ParamSpec.Kind.NAME_LIST : ParamSpec.Kind.UINT_LIST;
        parameters.add(
            new ParamSpec(key, "", kind, 0, defaultOf(key), filter.get(1), "", false, List.of()));
      }
    }
    Set<String> keys = new HashSet<>();
    for (ParamSpec parameter : parameters) {
      if (!keys.add(parameter.key())) {
        throw new GadgetException(
            "reading the parameters of "
                + gadget
                + ": two have the key "
                + parameter.key()
                + "; give the variable "
                + parameter.variable()
                + " another one in gadget.yaml");
      }
    }
    return parameters;
  }

  private ParamSpec variable(String gadget, String name) {
    ObjectVariables.Variable variable = variables.find(name);
    if (variable == null || !variable.section().startsWith(".rodata")) {
      throw new GadgetException(
          "reading the parameter "
              + name
              + " of "
              + gadget
              + ": the object has no const volatile variable of that name");
    }
    ParamSpec.Kind kind = kind(variable.type());
    if (kind == null) {
      throw new GadgetException(
          "reading the parameter "
              + name
              + " of "
              + gadget
              + ": its type takes no value from a command line; use a number, bool, char[] or"
              + " gadget_l3endpoint_t");
    }
    GadgetMetadata.Parameter said = metadata.parameters.get(name);
    List<String> builtIn = BUILT_IN.getOrDefault(name, List.of(name, ""));
    if (said == null) {
      return new ParamSpec(
          builtIn.get(0),
          name,
          kind,
          variable.sizeBytes(),
          defaultOf(builtIn.get(0)),
          builtIn.get(1),
          "",
          false,
          List.of());
    }
    YamlNode values = said.members().get("possibleValues");
    String key = orElse(said.member("key"), builtIn.get(0));
    return new ParamSpec(
        key,
        name,
        kind,
        variable.sizeBytes(),
        orElse(said.member("defaultValue"), defaultOf(key)),
        orElse(said.member("description"), builtIn.get(1)),
        said.member("alias"),
        said.member("isMandatory").equals("true"),
        values == null ? List.of() : values.elements().stream().map(YamlNode::text).toList());
  }

  /** The default that gadget.yaml gives to a parameter by its key; empty if none. */
  private String defaultOf(String key) {
    return metadata.annotations.getOrDefault(DEFAULT_OF + key, "");
  }

  private ParamSpec.@Nullable Kind kind(int typeId) {
    if (isSignal(typeId)) {
      return ParamSpec.Kind.SIGNAL;
    }
    return switch (btf.resolve(typeId)) {
      case BtfType.Int type when type.bool() -> ParamSpec.Kind.BOOL;
      case BtfType.Int type when type.sizeBytes() <= 8 ->
          type.signed() ? ParamSpec.Kind.INT : ParamSpec.Kind.UINT;
      case BtfType.Enumeration type -> type.signed() ? ParamSpec.Kind.INT : ParamSpec.Kind.UINT;
      case BtfType.FloatType type when type.sizeBytes() == 4 || type.sizeBytes() == 8 ->
          ParamSpec.Kind.FLOAT;
      case BtfType.Array array
          when btf.resolve(array.element()) instanceof BtfType.Int element
              && element.name().equals("char") ->
          ParamSpec.Kind.STRING;
      case BtfType.Struct type when type.name().equals("gadget_l3endpoint_t") ->
          ParamSpec.Kind.IP_ADDRESS;
      default -> null;
    };
  }

  /**
   * True for a {@code gadget_signal}, whatever {@code const} and {@code volatile} stand before it.
   */
  private boolean isSignal(int typeId) {
    BtfType type = btf.type(typeId);
    while (type instanceof BtfType.Const || type instanceof BtfType.Volatile) {
      type = btf.type(Btf.targetOf(type));
    }
    return type instanceof BtfType.Typedef typedef && typedef.name().equals("gadget_signal");
  }

  private static String orElse(String value, String otherwise) {
    return value.isEmpty() ? otherwise : value;
  }
}
