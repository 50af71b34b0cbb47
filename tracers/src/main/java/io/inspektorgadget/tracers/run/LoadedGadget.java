// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfLink;
import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.BpfProgram;
import io.inspektorgadget.kernel.bpf.Hook;
import io.inspektorgadget.kernel.btf.ReducedKernelTypes;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.Feed;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.gadget.GadgetSpec.SourceSpec;
import io.inspektorgadget.model.run.RunRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A gadget's object in the kernel, with its programs attached. Made by {@link #load}; what it
 * opened is closed by the closers it was given. Single thread until it is made, then read only.
 */
final class LoadedGadget {
  private static final String HOST_NAMESPACE = "gadget_host_mntns";
  private static final String FILTER_SWITCH = "gadget_filter_by_mntns";
  static final String FILTER_MAP = "gadget_mntns_filter_map";
  private static final int CONTAINERS_MAX = 65_536;
  private static final String NEWBORN_MAP = "gadget_mntns_new";
  private static final String RING_SIZE = "ring-size-bytes";
  private static final String DEFAULT_FREQUENCY_HZ = "49";
  private static final String ATTACH_TO = "attach_to";
  private static final String ONLY_WITH = "only-with";
  private static final String MAPS = "maps.";
  private static final String DISABLED = "gadget_program_disabled";
  private static final long PAGE_SIZE_BYTES = 4_096;

  private final GadgetSpec spec;
  private final BpfObject object;
  private final List<String> attached = new ArrayList<>();
  private final Set<String> emptyMaps = new HashSet<>();
  private final Map<String, BpfLink> iteratorLinks = new HashMap<>();

  private LoadedGadget(GadgetSpec spec, BpfObject object) {
    this.spec = spec;
    this.object = object;
  }

  /**
   * Opens the gadget's object, gives it its parameters, loads it and attaches its programs.
   *
   * @param closers remembers what was opened, also when this throws
   */
  static LoadedGadget load(
      RunRequest request, CollectionPromise containers, HostFilesystem host, CloserStack closers) {
    GadgetSpec spec = request.gadget();
    ParameterValues parameters = ParameterValues.parse(spec, request.parameters());
    BpfObject object = BpfObject.open(spec.name(), objectBytes(spec), kernelTypes(spec));
    closers.add(object::close);
    LoadedGadget gadget = new LoadedGadget(spec, object);
    gadget.prepareMaps(request, containers, host);
    gadget.leaveOut(parameters);
    gadget.shrinkMaps(parameters);
    parameters.setVariables(object);
    parameters.sizeMaps(object);
    new HookChoice(spec, object).apply();
    object.load();
    parameters.fillFilters(object);
    return gadget;
  }

  /** The maps that stay empty with this run's parameters. */
  Set<String> emptyMaps() {
    return Set.copyOf(emptyMaps);
  }

  /** Attaches every loaded program; the filter maps must be filled before. */
  void attach() {
    for (BpfProgram program : object.programs()) {
      if (program.isLoaded()) {
        attach(program);
        attached.add(program.name() + " " + program.section());
      }
    }
  }

  private void attach(BpfProgram program) {
    if (program.hook() instanceof Hook.PerfEventHook) {
      String frequencyHz = setting(program, "sampler.frequency");
      object.attachCpuClock(
          program, Integer.parseInt(frequencyHz.isEmpty() ? DEFAULT_FREQUENCY_HZ : frequencyHz));
      return;
    }
    BpfLink link = object.attach(program);
    if (program.hook() instanceof Hook.Iterator) {
      iteratorLinks.put(program.name(), link);
    }
  }

  private void prepareMaps(RunRequest request, CollectionPromise containers, HostFilesystem host) {
    boolean filter = !request.selector().host();
    if (object.hasVariable(FILTER_SWITCH)) {
      object.setVariable(FILTER_SWITCH, new byte[] {(byte) (filter ? 1 : 0)});
    }
    if (filter && object.hasVariable(HOST_NAMESPACE)) {
      object.setVariable(HOST_NAMESPACE, HostNamespace.inodeBytes(host));
    }
    BpfMap filterMap = object.findMap(FILTER_MAP);
    if (filterMap != null) {
      // Objects of others make room for 1,024. Of the whole host nobody looks anything up in it.
      filterMap.setMaxEntries(filter ? Math.max(filterMap.maxEntries(), CONTAINERS_MAX) : 1);
    }
    BpfMap newborn = object.findMap(NEWBORN_MAP);
    if (newborn != null && filter) {
      BpfMap announced = containers.get().newbornMap();
      if (announced != null) {
        newborn.reuse(announced);
      }
    }
    long ringSizeBytes = ringSizeBytes(request);
    if (ringSizeBytes > 0) {
      for (SourceSpec source : spec.sources()) {
        if (source.feed() instanceof Feed.Ring(String mapName)) {
          object.map(mapName).setMaxEntries(ringSizeBytes);
        }
      }
    }
  }

  /** What gadget.yaml says of a program; empty if nothing. */
  private String setting(BpfProgram program, String name) {
    return spec.annotations().getOrDefault("programs." + program.name() + "." + name, "");
  }

  /** Programs that gadget.yaml switches off, or that only another value of a parameter needs. */
  private void leaveOut(ParameterValues parameters) {
    for (BpfProgram program : object.programs()) {
      String elsewhere = setting(program, ATTACH_TO);
      if (!elsewhere.isEmpty() && !elsewhere.equals(DISABLED)) {
        throw new GadgetException(
            "attaching "
                + program
                + ": gadget.yaml moves it to "
                + elsewhere
                + " ("
                + ATTACH_TO
                + "), which is not possible here; name the hook in the program's section");
      }
      if (isUnwanted(setting(program, ONLY_WITH), parameters) || elsewhere.equals(DISABLED)) {
        program.setAutoload(false);
      }
    }
  }

  /** Maps that only another value of a parameter needs are there, but take no memory. */
  private void shrinkMaps(ParameterValues parameters) {
    for (Map.Entry<String, String> annotation : spec.annotations().entrySet()) {
      String key = annotation.getKey();
      if (key.startsWith(MAPS)
          && key.endsWith("." + ONLY_WITH)
          && isUnwanted(annotation.getValue(), parameters)) {
        String map = key.substring(MAPS.length(), key.length() - ONLY_WITH.length() - 1);
        object.map(map).setMaxEntries(1);
        emptyMaps.add(map);
      }
    }
  }

  /** True if the condition, {@code parameter=value}, does not hold; an empty one always does. */
  private static boolean isUnwanted(String condition, ParameterValues parameters) {
    int equals = condition.indexOf('=');
    return equals > 0
        && !parameters.text(condition.substring(0, equals)).equals(condition.substring(equals + 1));
  }

  private long ringSizeBytes(RunRequest request) {
    long asked = request.limits().ringSizeBytes();
    if (asked == 0) {
      return Long.parseLong(spec.annotations().getOrDefault(RING_SIZE, "0"));
    }
    if (Long.bitCount(asked) != 1 || asked < PAGE_SIZE_BYTES || asked > Integer.MAX_VALUE) {
      throw new GadgetException(
          "sizing the ring of "
              + spec.name()
              + ": "
              + asked
              + " bytes is no power of two from 4096 to 1073741824; give for example 8388608");
    }
    return asked;
  }

  /** The reduced types know what objects of this build look at, not what others do. */
  private static @Nullable Path kernelTypes(GadgetSpec spec) {
    return spec.object() instanceof ObjectLocation.Resource ? ReducedKernelTypes.find() : null;
  }

  private static byte[] objectBytes(GadgetSpec spec) {
    try {
      if (spec.object() instanceof ObjectLocation.Resource resource) {
        try (InputStream in =
            LoadedGadget.class.getClassLoader().getResourceAsStream(resource.path())) {
          if (in == null) {
            throw new GadgetException(
                "opening the object of "
                    + spec.name()
                    + ": no "
                    + resource.path()
                    + " on the class path");
          }
          return in.readAllBytes();
        }
      }
      return Files.readAllBytes(((ObjectLocation.ObjectFile) spec.object()).path());
    } catch (IOException e) {
      throw new GadgetException("reading the object of " + spec.name() + ": " + e.getMessage(), e);
    }
  }

  GadgetSpec spec() {
    return spec;
  }

  BpfObject object() {
    return object;
  }

  /** The attached iterator program of that name. */
  BpfLink iteratorLink(String programName) {
    BpfLink link = iteratorLinks.get(programName);
    if (link == null) {
      throw new GadgetException(
          "reading " + spec.name() + ": its iterator " + programName + " is not attached");
    }
    return link;
  }

  List<String> attachedPrograms() {
    return List.copyOf(attached);
  }
}
