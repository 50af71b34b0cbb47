// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.table.ColumnSpec.Alignment;
import io.inspektorgadget.columns.table.ColumnSpec.Ellipsis;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import org.jspecify.annotations.Nullable;

/**
 * How columns of a well-known meaning look unless annotations say otherwise.
 *
 * @param width usual width in cells; 0: not said
 * @param widthMin smallest width; 0: not said
 * @param widthMax largest width; 0: not said
 * @param hidden true: only shown if asked for
 * @param alignment side on which the text stands
 * @param ellipsis where the text is cut
 */
record ColumnTemplate(
    int width, int widthMin, int widthMax, boolean hidden, Alignment alignment, Ellipsis ellipsis) {

  private static final ColumnTemplate PLAIN = widths(0, 0, 0);

  /**
   * The template of a field: the one that its annotation {@code template} names, else that of its
   * semantics, else that of its name, else that of the formatter that makes it.
   */
  static ColumnTemplate of(FieldSpec field) {
    ColumnTemplate named = named(field.annotation("template"));
    if (named == null) {
      String semantics = field.semantics();
      String gadget = "gadget_";
      named = named(semantics.startsWith(gadget) ? semantics.substring(gadget.length()) : "");
    }
    if (named == null) {
      named = ofContainerField(field.name());
    }
    if (named == null && field.origin() instanceof FieldOrigin.Computed computed) {
      named = named(computed.formatter());
    }
    return named == null ? PLAIN : named;
  }

  private static @Nullable ColumnTemplate named(String name) {
    return switch (name) {
      case "timestamp" -> widths(35, 0, 35).asHidden();
      case "bytes" -> widths(10, 0, 0).rightAligned();
      case "duration" -> widths(20, 0, 0);
      case "node", "pod", "container" -> widths(30, 0, 0).cutInTheMiddle();
      case "namespace" -> widths(30, 0, 0);
      case "containerImageName", "containerImageDigest" ->
          widths(30, 0, 0).cutInTheMiddle().asHidden();
      case "containerPid" -> widths(0, 7, 0).asHidden();
      case "containerStartedAt" -> widths(35, 0, 35).asHidden();
      case "comm" -> widths(0, 0, 16);
      case "pcomm" -> widths(0, 0, 16).asHidden();
      case "pid", "tid" -> widths(0, 7, 0);
      case "ppid", "ptid" -> widths(0, 7, 0).asHidden();
      case "uid", "gid", "user", "group" -> widths(0, 8, 0);
      case "ns", "mntns_id", "netns_id" -> widths(12, 0, 0).asHidden();
      case "l3endpoint", "l3endpoint_t" -> widths(0, 15, 45);
      case "l4endpoint", "l4endpoint_t" -> widths(40, 22, 52);
      case "syscall" -> widths(18, 0, 28);
      case "errorString", "errno" -> widths(12, 0, 0);
      case "user_stack", "ustack" -> PLAIN.asHidden();
      default -> null;
    };
  }

  /** Fields about the container: its name is shown, everything else on request. */
  private static @Nullable ColumnTemplate ofContainerField(String name) {
    return switch (name) {
      case "runtime.containerName" -> widths(30, 0, 0).cutInTheMiddle();
      case "k8s.node", "k8s.podName", "k8s.containerName" ->
          widths(30, 0, 0).cutInTheMiddle().asHidden();
      case "k8s.namespace" -> widths(30, 0, 0).asHidden();
      default -> name.startsWith("k8s.") || name.startsWith("runtime.") ? PLAIN.asHidden() : null;
    };
  }

  private static ColumnTemplate widths(int width, int min, int max) {
    return new ColumnTemplate(width, min, max, false, Alignment.LEFT, Ellipsis.END);
  }

  private ColumnTemplate asHidden() {
    return new ColumnTemplate(width, widthMin, widthMax, true, alignment, ellipsis);
  }

  private ColumnTemplate rightAligned() {
    return new ColumnTemplate(width, widthMin, widthMax, hidden, Alignment.RIGHT, ellipsis);
  }

  private ColumnTemplate cutInTheMiddle() {
    return new ColumnTemplate(width, widthMin, widthMax, hidden, alignment, Ellipsis.MIDDLE);
  }
}
