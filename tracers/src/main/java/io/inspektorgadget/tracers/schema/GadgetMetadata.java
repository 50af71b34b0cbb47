// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gadget.yaml says, before it is compared with the object. Members that the published schema
 * has and that have no meaning of their own here ({@code operator}, {@code programs} …) become
 * annotations with dotted names.
 */
final class GadgetMetadata {
  private static final List<String> URLS = List.of("homepageURL", "documentationURL", "sourceURL");
  private static final List<String> FLATTENED = List.of("operator", "programs", "paramDefaults");
  private static final List<String> KNOWN =
      List.of(
          "name",
          "description",
          "homepageURL",
          "documentationURL",
          "sourceURL",
          "annotations",
          "datasources",
          "params",
          "hooks",
          "operator",
          "programs",
          "paramDefaults");

  final Map<String, String> annotations = new LinkedHashMap<>();
  final Map<String, Source> sources = new LinkedHashMap<>();
  final Map<String, Parameter> parameters = new LinkedHashMap<>();
  final Map<String, List<YamlNode>> hooks = new LinkedHashMap<>();
  String description = "";

  /** What it says of a data source. */
  record Source(YamlNode place, Map<String, String> annotations, Map<String, Field> fields) {
    /** The annotations of a field or group; empty if it says nothing of it. */
    Map<String, String> ofField(String name) {
      Field field = fields.get(name);
      return field == null ? Map.of() : field.annotations();
    }
  }

  /** What it says of a field. */
  record Field(YamlNode place, Map<String, String> annotations) {}

  /** What it says of a parameter. */
  record Parameter(YamlNode place, Map<String, YamlNode> members) {
    String member(String name) {
      YamlNode member = members.get(name);
      return member == null ? "" : member.text();
    }
  }

  /** The metadata of a gadget that has no gadget.yaml. */
  GadgetMetadata() {}

  /**
   * Reads a gadget.yaml.
   *
   * @param file what errors call it
   * @throws io.inspektorgadget.model.gadget.GadgetException if it is no YAML, or has members that
   *     no gadget.yaml has
   */
  static GadgetMetadata read(String file, String yaml) {
    GadgetMetadata metadata = new GadgetMetadata();
    YamlNode.parse(file, yaml).members().forEach(metadata::member);
    return metadata;
  }

  private void member(String name, YamlNode value) {
    if (FLATTENED.contains(name)) {
      value.flattenInto(name, annotations);
      return;
    }
    if (URLS.contains(name)) {
      annotations.put(name, value.text());
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "name" -> value.text();
      case "description" -> description = value.text();
      case "annotations" -> annotations.putAll(value.texts());
      case "datasources" -> value.members().forEach(this::source);
      case "params" -> value.members().forEach(this::parameters);
      case "hooks" -> value.members().forEach((purpose, v) -> hooks.put(purpose, v.elements()));
      default ->
          throw value.misnamed(
              "the member " + name + " is not known" + NearestName.suggestion(name, KNOWN));
    }
  }

  private void source(String name, YamlNode value) {
    Map<String, String> sourceAnnotations = new LinkedHashMap<>();
    Map<String, Field> fields = new LinkedHashMap<>();
    value
        .members()
        .forEach((member, content) -> {
          switch (member) {
            case "annotations" -> sourceAnnotations.putAll(content.texts());
            case "fields" -> content.members().forEach((f, body) -> fields.put(f, field(body)));
            default ->
                throw content.misnamed(
                    "a data source has annotations and fields, but no " + member);
          }
        });
    sources.put(name, new Source(value, sourceAnnotations, fields));
  }

  private static Field field(YamlNode value) {
    Map<String, String> annotations = new LinkedHashMap<>();
    value
        .members()
        .forEach((member, content) -> {
          switch (member) {
            case "annotations" -> annotations.putAll(content.texts());
            case "tags" ->
                annotations.put(
                    "tags",
                    String.join(",", content.elements().stream().map(YamlNode::text).toList()));
            default -> throw content.misnamed("a field has annotations and tags, but no " + member);
          }
        });
    return new Field(value, annotations);
  }

  private void parameters(String group, YamlNode value) {
    if (group.equals("ebpf")) {
      value.members().forEach((n, body) -> parameters.put(n, new Parameter(body, body.members())));
      return;
    }
    List<String> unsupported = new ArrayList<>();
    value.members().keySet().forEach(name -> unsupported.add("params." + group + "." + name));
    annotations.merge("unsupported", String.join(",", unsupported), (a, b) -> a + "," + b);
  }

  /** What it says of a data source (case does not count), or null. */
  @Nullable Source source(String name) {
    for (Map.Entry<String, Source> entry : sources.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
