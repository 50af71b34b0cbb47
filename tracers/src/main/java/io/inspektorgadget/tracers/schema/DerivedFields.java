// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The readable siblings of fields: {@code error} of {@code error_raw}, {@code user} of {@code uid},
 * the names of an enumeration's values. A sibling is made where the field's type or an annotation
 * asks for it and its name is known: from the annotation, or by leaving off {@code _raw}.
 */
final class DerivedFields {
  private static final String RAW = "_raw";
  private static final String ENUM_TARGET = "ebpf.formatter.enum";
  private static final String ENUM_SEPARATOR = "ebpf.formatter.bitfield.separator";
  private static final String UID_TARGET = "uidgidresolver.target";

  /** Formatter by meaning. */
  private static final Map<String, String> FORMATTERS =
      Map.ofEntries(
          Map.entry("gadget_timestamp", "timestamp"),
          Map.entry("gadget_errno", "errno"),
          Map.entry("gadget_signal", "signal"),
          Map.entry("gadget_syscall", "syscall"),
          Map.entry("gadget_file_mode", "file_mode"),
          Map.entry("gadget_file_flags", "file_flags"),
          Map.entry("gadget_bytes", "bytes"),
          Map.entry("gadget_duration", "duration"),
          Map.entry("gadget_kernel_stack", "kstack"));

  private final Btf btf;
  private final String record;

  DerivedFields(Btf btf, String record) {
    this.btf = btf;
    this.record = record;
  }

  /** The siblings of a field, in the order in which they stand behind it. */
  List<FieldDraft> of(FieldDraft field) {
    List<FieldDraft> made = new ArrayList<>();
    if (!(field.origin() instanceof FieldDraft.Origin.InRecord stored)) {
      return made;
    }
    if (field.type() == FieldType.STRING_LIST) {
      addIfPresent(made, joined(field));
    } else if (stored.enumeration() != 0) {
      addIfPresent(made, enumeration(field, stored.enumeration()));
    } else if (field.semantics().equals("gadget_uid")) {
      addIfPresent(made, owner(field, "user", "uid"));
    } else if (field.semantics().equals("gadget_gid")) {
      addIfPresent(made, owner(field, "group", "gid"));
    } else if (field.semantics().equals(RecordFields.ADDRESS_UNION)) {
      addIfPresent(made, endpointPart(field, "addr_raw", "endpoint_addr"));
    } else if (field.semantics().equals(RecordFields.PROTOCOL)) {
      addIfPresent(made, endpointPart(field, "proto_raw", "endpoint_proto"));
    } else if (field.semantics().equals(RecordFields.USER_STACK)) {
      made.addAll(userStack(field));
    } else if (field.type().isNumeric()) {
      made.addAll(formatted(field));
    }
    return made;
  }

  private static void addIfPresent(List<FieldDraft> made, @Nullable FieldDraft field) {
    if (field != null) {
      made.add(field);
    }
  }

  private List<FieldDraft> formatted(FieldDraft field) {
    List<FieldDraft> made = new ArrayList<>();
    String own = FORMATTERS.get(field.semantics());
    if (own != null) {
      String annotation = own.equals("kstack") ? "ebpf.formatter.kstack" : annotationOf(own);
      String target = target(field, annotation);
      if (!target.isEmpty()) {
        made.add(
            FieldDraft.made(target, own, field, field.annotation(annotationOf(own, "format"))));
      }
    }
    // Whoever wrote the gadget may ask for a form that the type alone does not ask for.
    for (String formatter : FORMATTERS.values().stream().sorted().toList()) {
      boolean asked = !field.annotation(annotationOf(formatter)).isEmpty();
      if (asked && !formatter.equals(own)) {
        made.add(FieldDraft.made(target(field, annotationOf(formatter)), formatter, field, ""));
      }
    }
    return made;
  }

  private @Nullable FieldDraft endpointPart(FieldDraft field, String raw, String formatter) {
    if (!field.shortName().equals(raw)) {
      return null;
    }
    String name = field.prefix() + raw.substring(0, raw.length() - RAW.length());
    return FieldDraft.made(name, formatter, field, "").with(Map.of(FieldTemplates.HIDDEN, "true"));
  }

  /** The three forms of a user stack, in a group beside the raw one. */
  private static List<FieldDraft> userStack(FieldDraft stackId) {
    String raw = stackId.prefix();
    if (!raw.endsWith(RAW + ".")) {
      return List.of();
    }
    String group = raw.substring(0, raw.length() - RAW.length() - 1);
    List<FieldDraft> made = new ArrayList<>();
    for (String part : List.of("addresses", "buildid", "symbols")) {
      made.add(
          FieldDraft.made(group + "." + part, "ustack", stackId, part)
              .with(Map.of(FieldTemplates.HIDDEN, "true", FieldTemplates.TEMPLATE, "user_stack")));
    }
    return made;
  }

  private @Nullable FieldDraft joined(FieldDraft field) {
    String target = target(field, "formatters.join.target");
    if (target.isEmpty()) {
      return null;
    }
    String separator = field.annotations().getOrDefault("formatters.join.separator", " ");
    FieldDraft made = FieldDraft.made(target, "join", field, separator);
    return new FieldDraft(made.name(), made.type(), "", made.origin(), Map.of());
  }

  private @Nullable FieldDraft owner(FieldDraft field, String word, String idWord) {
    String target = target(field, UID_TARGET);
    if (target.isEmpty() && field.shortName().endsWith(idWord)) {
      String name = field.name();
      target = name.substring(0, name.length() - idWord.length()) + word;
    }
    if (target.isEmpty()) {
      return null;
    }
    Map<String, String> marks = new LinkedHashMap<>();
    if (field.annotations().containsKey(FieldTemplates.HIDDEN)) {
      marks.put(FieldTemplates.HIDDEN, field.annotation(FieldTemplates.HIDDEN));
    }
    if (field.annotation(FieldTemplates.ALIAS).equals(idWord)) {
      marks.put(FieldTemplates.ALIAS, word);
    }
    marks.put("description", word.equals("user") ? "Name of the user" : "Name of the group");
    FieldDraft made = FieldDraft.made(target, word, field, "");
    return new FieldDraft(made.name(), made.type(), "", made.origin(), marks);
  }

  private @Nullable FieldDraft enumeration(FieldDraft field, int typeId) {
    String target = target(field, ENUM_TARGET);
    if (target.isEmpty() || !(btf.type(typeId) instanceof BtfType.Enumeration type)) {
      return null;
    }
    // The name leads to the running kernel's own numbers, should it have such an enumeration.
    StringBuilder argument = new StringBuilder(type.name()).append(':');
    if (field.semantics().endsWith("_set")) {
      String separator = field.annotations().getOrDefault(ENUM_SEPARATOR, "|");
      if (separator.indexOf(':') >= 0) {
        throw new GadgetException(
            "reading the field "
                + field.name()
                + " of "
                + record
                + ": "
                + ENUM_SEPARATOR
                + " has a colon in it, which is not possible; use another one");
      }
      argument.append("set:").append(separator).append(':');
    }
    String between = "";
    for (BtfType.Enumerator value : type.values()) {
      argument.append(between).append(value.value()).append('=').append(value.name());
      between = "|";
    }
    return FieldDraft.made(target, "enum", field, argument.toString());
  }

  /** The sibling's full name; empty if nobody says it and it cannot be told from the field's. */
  private static String target(FieldDraft field, String annotation) {
    String asked = field.annotation(annotation);
    if (!asked.isEmpty()) {
      return asked.indexOf('.') >= 0 ? asked : field.prefix() + asked;
    }
    String name = field.name();
    return name.endsWith(RAW) ? name.substring(0, name.length() - RAW.length()) : "";
  }

  private static String annotationOf(String formatter) {
    return annotationOf(formatter, "target");
  }

  private static String annotationOf(String formatter, String member) {
    return "formatters." + formatter + "." + member;
  }
}
