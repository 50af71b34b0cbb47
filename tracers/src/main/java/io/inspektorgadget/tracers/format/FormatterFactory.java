// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.tracers.event.FieldFormatter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the formatters that a schema names. One for a run; closes what they opened. Single thread
 * until the run's event loop takes the formatters over.
 */
public final class FormatterFactory implements AutoCloseable {
  private static final String KERNEL_STACKS = "ig_kstack";
  private static final String USER_STACKS = "ig_ustack";
  private static final String BUILD_IDS = "ig_build_id";

  private final BpfObject object;
  private final Set<String> emptyMaps;
  private final HostFilesystem host;
  private final ContainerFormatter.NodeFacts node;
  private final AccountNames users;
  private final AccountNames groups;
  private final ProcessSymbols processSymbols;
  private final Enumerations enumerations;

  /** A factory for the gadget with that object, into all of whose maps something may be put. */
  public FormatterFactory(BpfObject object, HostFilesystem host, String nodeName) {
    this(object, Set.of(), host, nodeName);
  }

  /**
   * A factory for the gadget with that object.
   *
   * @param emptyMaps the names of its maps that stay empty
   */
  public FormatterFactory(
      BpfObject object, Set<String> emptyMaps, HostFilesystem host, String nodeName) {
    this.object = object;
    this.emptyMaps = emptyMaps;
    this.host = host;
    this.node = new ContainerFormatter.NodeFacts(nodeName, ownNetNs(host));
    this.users = new AccountNames(host.resolve("/etc/passwd"), "uid:");
    this.groups = new AccountNames(host.resolve("/etc/group"), "gid:");
    this.processSymbols = new ProcessSymbols(host);
    this.enumerations = new Enumerations(host.resolve(Btf.KERNEL_PATH.toString()));
  }

  /** Our own network namespace: the node's, for whoever traces a node is in it. */
  private static long ownNetNs(HostFilesystem host) {
    try {
      String link = Files.readSymbolicLink(host.resolve("/proc/self/ns/net")).toString();
      return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    } catch (IOException e) {
      throw new UncheckedIOException("reading our own network namespace: " + e.getMessage(), e);
    }
  }

  /** The formatter of each field by its index; null for fields that are stored in the record. */
  public List<@Nullable FieldFormatter> forSchema(EventSchema schema) {
    List<@Nullable FieldFormatter> formatters = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      formatters.add(
          field.origin() instanceof FieldOrigin.Computed origin
              ? formatter(schema, field, origin)
              : null);
    }
    return formatters;
  }

  private FieldFormatter formatter(
      EventSchema schema, FieldSpec field, FieldOrigin.Computed origin) {
    int source = origin.sourceIndex();
    return switch (origin.formatter()) {
      case "timestamp" -> new TimestampFormatter(source);
      case "errno" -> new NamedNumberFormatter(source, NumberNames.errors(), "error#", true);
      case "signal" -> new NamedNumberFormatter(source, SignalNames.byNumber(), "signal#", true);
      case "syscall" ->
          new NamedNumberFormatter(source, NumberNames.systemCalls(), "syscall#", true);
      case "file_mode" -> FileFormatters.mode(source);
      case "file_flags" -> FileFormatters.flags(source);
      case "bytes" -> QuantityFormatters.bytes(source);
      case "duration" -> QuantityFormatters.duration(source);
      case "user" -> users.formatter(source);
      case "group" -> groups.formatter(source);
      case "enum" -> enumerations.formatter(source, origin.argument());
      case "join" -> new JoinFormatter(source, origin.argument());
      case "container" -> new ContainerFormatter(origin.argument(), node);
      case "kstack" ->
          new KernelStackFormatter(source, stacks(KERNEL_STACKS), host.resolve("/proc/kallsyms"));
      case "ustack" -> userStack(schema, source, origin.argument());
      case "endpoint_proto" -> EndpointFormatters.protocol(source);
      case "endpoint_addr", "l3endpoint" ->
          EndpointFormatters.address(source, sibling(schema, source, "version"));
      case "l4endpoint" ->
          EndpointFormatters.endpoint(
              source, sibling(schema, source, "version"), sibling(schema, source, "port"));
      default ->
          throw new IllegalArgumentException(
              "reading the schema: field "
                  + field.name()
                  + " wants a formatter "
                  + origin.formatter()
                  + ", which is not known");
    };
  }

  /** One of the three faces of a stack: its addresses, its build ids, its functions. */
  private FieldFormatter userStack(EventSchema schema, int source, String face) {
    if (emptyMaps.contains(USER_STACKS)) {
      return FieldFormatter.ABSENT;
    }
    int stackId = sibling(schema, source, "stack_id");
    int processId = sibling(schema, source, "tgid_level0");
    if (face.equals("buildid")) {
      return new BuildIdFormatter(stackId, processId, object.map(BUILD_IDS));
    }
    return new UserStackFormatter(
        stackId,
        new StackOwner(
            processId,
            sibling(schema, source, "pid_level1"),
            sibling(schema, source, "pidns_level1"),
            () -> new HostProcesses(host).hostPidNs()),
        stacks(USER_STACKS),
        face.equals("addresses") ? UserStackFormatter::writeAddress : processSymbols::write);
  }

  private StackTraceMap stacks(String mapName) {
    BpfMap map = object.map(mapName);
    return new StackTraceMap(map);
  }

  /** The field of the same group as {@code field} with another last word. */
  private static int sibling(EventSchema schema, int field, String lastWord) {
    String name = schema.fields().get(field).name();
    String wanted = name.substring(0, name.lastIndexOf('.') + 1) + lastWord;
    FieldSpec found = schema.field(wanted);
    if (found == null) {
      throw new IllegalArgumentException("reading the schema: field " + wanted + " is missing");
    }
    return found.index();
  }

  @Override
  public void close() {
    processSymbols.close();
  }
}
