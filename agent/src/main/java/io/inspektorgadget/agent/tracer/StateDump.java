// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.tracer;

import io.inspektorgadget.agent.tracer.TracerControl.TracerStatus;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.trace.stream.ControlLine;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of the Gadget Tracer Manager as text for people. Names that came from containers are
 * made safe for a terminal.
 *
 * @param running the containers that run
 * @param tracers the tracers
 */
record StateDump(List<ContainerInfo> running, List<TracerStatus> tracers) {

  /** A line for each container. */
  String containers() {
    StringBuilder out = new StringBuilder("List of containers:\n");
    for (ContainerInfo container : running) {
      out.append("  ").append(name(container));
      out.append(" id=").append(SafeText.of(container.id()));
      out.append(" runtime=").append(SafeText.of(container.runtime().runtimeName()));
      out.append(" image=").append(SafeText.of(container.runtime().imageName()));
      out.append(" pid=").append(container.pid()).append(place(container));
      new TreeMap<>(container.pod().labels())
          .forEach((key, value) -> out.append(" label.").append(SafeText.of(key + "=" + value)));
      out.append('\n');
    }
    return out.toString();
  }

  /** For each tracer what it is, whom it selects, and who that is now. */
  String traces() {
    StringBuilder out = new StringBuilder("List of tracers:\n");
    for (TracerStatus tracer : tracers) {
      out.append("  ").append(tracer.id());
      out.append(" gadget=").append(SafeText.of(tracer.request().gadget().name()));
      out.append(" delivery=").append(tracer.delivery().name().toLowerCase(Locale.ROOT));
      out.append(" state=").append(state(tracer));
      out.append(" lines=").append(tracer.lines());
      out.append(" readers=").append(tracer.readers()).append('\n');
      new TreeMap<>(tracer.request().parameters())
          .forEach((key, value) ->
              out.append("    parameter ").append(SafeText.of(key + "=" + value)).append('\n'));
      appendMatches(tracer.request().selector(), out);
    }
    return out.toString();
  }

  private static String state(TracerStatus tracer) {
    return tracer.end().map(end -> ControlLine.Cause.of(end).word()).orElse("running");
  }

  private void appendMatches(ContainerSelector selector, StringBuilder out) {
    out.append("    selects ").append(selection(selector)).append('\n');
    if (selector.host()) {
      return;
    }
    for (ContainerInfo container : running) {
      if (selector.matches(container)) {
        out.append("    matches ").append(name(container)).append(place(container)).append('\n');
      }
    }
  }

  private static String selection(ContainerSelector selector) {
    if (selector.host()) {
      return "the whole host";
    }
    StringBuilder out = new StringBuilder();
    append("namespace", selector.namespaces(), out);
    append("pod", selector.podNames(), out);
    append("container", selector.names(), out);
    append("image", selector.images(), out);
    append("runtime", selector.runtimes(), out);
    for (Map.Entry<String, ValueList> label : new TreeMap<>(selector.labels()).entrySet()) {
      append("label." + label.getKey(), label.getValue(), out);
    }
    return out.isEmpty() ? "every container" : out.toString();
  }

  private static void append(String what, ValueList values, StringBuilder out) {
    if (!values.isAny()) {
      out.append(out.isEmpty() ? "" : " ").append(SafeText.of(what)).append('=');
      out.append(SafeText.of(values.text()));
    }
  }

  /** {@code NAMESPACE/POD/CONTAINER}, or outside Kubernetes the container's name. */
  private static String name(ContainerInfo container) {
    PodInfo pod = container.pod();
    return SafeText.of(
        pod.podName().isEmpty()
            ? container.name()
            : pod.namespace() + "/" + pod.podName() + "/" + pod.containerName());
  }

  private static String place(ContainerInfo container) {
    return " mntns=" + container.mountNs().inode() + " cgroup=" + container.cgroup().id();
  }
}
