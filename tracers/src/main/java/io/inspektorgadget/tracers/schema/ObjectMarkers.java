// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import java.util.ArrayList;
import java.util.List;

/**
 * The facts that an object's marker variables spell out: their names, joined by three underscores,
 * say what the object offers.
 */
final class ObjectMarkers {
  private static final String SEPARATOR = "___";

  final List<Tracer> tracers = new ArrayList<>();
  final List<Iteration> iterations = new ArrayList<>();
  final List<MapIteration> mapIterations = new ArrayList<>();
  final List<String> parameters = new ArrayList<>();

  /** Records of a struct come out of a map. */
  record Tracer(String name, String map, String struct) {}

  /** Iterator programs write a struct. */
  record Iteration(String name, String struct, List<String> programs) {
    Iteration {
      programs = List.copyOf(programs);
    }
  }

  /** A map is read at intervals. */
  record MapIteration(String name, String map) {}

  /** Collects the markers of an object, each kind in the order of its BTF. */
  static ObjectMarkers of(Btf btf) {
    ObjectMarkers markers = new ObjectMarkers();
    for (int id = 1; id < btf.count(); id++) {
      if (btf.type(id) instanceof BtfType.Var variable) {
        markers.variable(variable.name());
      }
    }
    return markers;
  }

  private void variable(String name) {
    if (name.startsWith("gadget_tracer_")) {
      List<String> facts = facts(name, "gadget_tracer_");
      if (facts.size() == 3) {
        tracers.add(new Tracer(facts.get(0), facts.get(1), facts.get(2)));
      }
    } else if (name.startsWith("gadget_iter_")) {
      iteration(facts(name, "gadget_iter_"));
    } else if (name.startsWith("gadget_snapshotter_")) {
      iteration(facts(name, "gadget_snapshotter_"));
    } else if (name.startsWith("gadget_mapiter_")) {
      List<String> facts = facts(name, "gadget_mapiter_");
      if (facts.size() == 2) {
        mapIterations.add(new MapIteration(facts.get(0), facts.get(1)));
      }
    } else if (name.startsWith("gadget_param_")) {
      parameters.add(name.substring("gadget_param_".length()));
    }
  }

  private void iteration(List<String> facts) {
    if (facts.size() >= 3) {
      iterations.add(new Iteration(facts.get(0), facts.get(1), facts.subList(2, facts.size())));
    }
  }

  /** True if the object has no data source at all. */
  boolean hasNoSource() {
    return tracers.isEmpty() && iterations.isEmpty() && mapIterations.isEmpty();
  }

  private static List<String> facts(String marker, String prefix) {
    List<String> facts = new ArrayList<>();
    int from = prefix.length();
    for (int to = marker.indexOf(SEPARATOR, from); to >= 0; to = marker.indexOf(SEPARATOR, from)) {
      facts.add(marker.substring(from, to));
      from = to + SEPARATOR.length();
    }
    facts.add(marker.substring(from));
    return facts;
  }
}
