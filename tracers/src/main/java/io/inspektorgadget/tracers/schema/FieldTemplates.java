// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a field's type says of its column where gadget.yaml says nothing: the published template, a
 * short alias, and whether a table shows it unasked.
 */
final class FieldTemplates {
  static final String HIDDEN = "columns.hidden";
  static final String ALIAS = "columns.alias";
  static final String TEMPLATE = "template";

  private static final Map<String, String> BY_SEMANTICS =
      Map.ofEntries(
          Map.entry("gadget_timestamp", "timestamp"),
          Map.entry("gadget_bytes", "bytes"),
          Map.entry("gadget_duration", "duration"),
          Map.entry("gadget_comm", "comm"),
          Map.entry("gadget_pcomm", "pcomm"),
          Map.entry("gadget_pid", "pid"),
          Map.entry("gadget_ppid", "ppid"),
          Map.entry("gadget_tid", "tid"),
          Map.entry("gadget_ptid", "ptid"),
          Map.entry("gadget_uid", "uid"),
          Map.entry("gadget_gid", "gid"),
          Map.entry("gadget_mntns_id", "mntns_id"),
          Map.entry("gadget_mntns_unique_id", "mntns_id"),
          Map.entry("gadget_netns_id", "netns_id"),
          Map.entry("gadget_l3endpoint_t", "l3endpoint"),
          Map.entry("gadget_l4endpoint_t", "l4endpoint"),
          Map.entry("gadget_syscall", "syscall"),
          Map.entry("gadget_errno", "errorString"),
          Map.entry("gadget_signal", "signal"),
          Map.entry("gadget_kernel_stack", "kernel_stack"),
          Map.entry("gadget_user_stack", "user_stack"));

  /** What fields of these meanings are, where gadget.yaml does not say. */
  private static final Map<String, String> DESCRIPTIONS =
      Map.ofEntries(
          Map.entry("gadget_timestamp", "When it happened"),
          Map.entry("gadget_comm", "Name of the process, at most 15 characters"),
          Map.entry("gadget_pcomm", "Name of the parent process"),
          Map.entry("gadget_pid", "Process id, as the host counts"),
          Map.entry("gadget_ppid", "Process id of the parent"),
          Map.entry("gadget_tid", "Thread id, as the host counts"),
          Map.entry("gadget_ptid", "Thread id of the parent"),
          Map.entry("gadget_uid", "User id"),
          Map.entry("gadget_gid", "Group id"),
          Map.entry("gadget_mntns_id", "Inode number of the mount namespace"),
          Map.entry(
              "gadget_mntns_unique_id", "Number of the mount namespace that is never used again"),
          Map.entry("gadget_netns_id", "Inode number of the network namespace"));

  /** Meanings that a table leaves out unless it is asked. */
  private static final Set<String> HIDDEN_SEMANTICS =
      Set.of(
          "gadget_timestamp",
          "gadget_pcomm",
          "gadget_ppid",
          "gadget_ptid",
          "gadget_mntns_id",
          "gadget_mntns_unique_id",
          "gadget_netns_id",
          "gadget_user_stack");

  /** Short names for the members of a {@code gadget_process}, by their names in it. */
  private static final Map<String, String> PROCESS_ALIASES =
      Map.of(
          "comm", "comm",
          "pid", "pid",
          "tid", "tid",
          "mntns_id", "mntns_id",
          "creds.uid", "uid",
          "creds.gid", "gid",
          "parent.comm", "pcomm",
          "parent.pid", "ppid",
          "parent.tid", "ptid");

  private FieldTemplates() {}

  /**
   * The member of a group, marked by what the group is.
   *
   * @param group its name; empty for the record itself
   */
  static FieldDraft memberOf(String groupType, String group, FieldDraft member) {
    Map<String, String> marks = new LinkedHashMap<>();
    switch (groupType) {
      case "gadget_process" -> {
        int shortName = group.isEmpty() ? 0 : group.length() + 1;
        String alias = PROCESS_ALIASES.get(member.name().substring(shortName));
        if (alias != null) {
          marks.put(ALIAS, alias);
        }
      }
      case "gadget_creds",
          "gadget_parent",
          "gadget_l3endpoint_t",
          "gadget_l4endpoint_t",
          "gadget_user_stack" ->
          marks.put(HIDDEN, "true");
      default -> {}
    }
    return member.with(marks);
  }

  /** The field with everything its meaning says, where it has no annotation of its own. */
  static FieldDraft applied(FieldDraft field) {
    Map<String, String> defaults = new LinkedHashMap<>();
    boolean raw = field.name().endsWith("_raw");
    String template = BY_SEMANTICS.get(field.semantics());
    if (template != null && !raw) {
      defaults.put(TEMPLATE, template);
    }
    if (raw || HIDDEN_SEMANTICS.contains(field.semantics())) {
      defaults.put(HIDDEN, "true");
    }
    String description = DESCRIPTIONS.get(field.semantics());
    if (description != null) {
      boolean isNumber = field.type().isNumeric() && raw;
      defaults.put("description", isNumber ? description + ", as a number" : description);
    }
    return field.withDefaults(defaults);
  }
}
