// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.model.gadget.GadgetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value in a YAML file that knows where it stands, so that every complaint has a line and a
 * column. All methods throw {@link GadgetException} where the value has another shape.
 */
public final class YamlNode {
  private static final int DEPTH_MAX = 50;
  private static final int CODE_POINTS_MAX = 1 << 20;

  private final String file;
  private final Node key;
  private final Node node;

  private YamlNode(String file, Node node) {
    this(file, node, node);
  }

  private YamlNode(String file, Node key, Node node) {
    this.file = file;
    this.key = key;
    this.node = node;
  }

  /**
   * Reads a text.
   *
   * @param file what errors call it, such as {@code trace_open/gadget.yaml}
   * @throws GadgetException if it is no YAML or nested too deeply, with line and column
   */
  public static YamlNode parse(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(CODE_POINTS_MAX).build();
    try {
      checkDepth(file, new Parse(settings).parseString(text));
      Optional<Node> root = new Compose(settings).composeString(text);
      Node empty =
          new MappingNode(Tag.MAP, List.of(), org.snakeyaml.engine.v2.common.FlowStyle.BLOCK);
      return new YamlNode(file, root.orElse(empty));
    } catch (MarkedYamlEngineException e) {
      throw new GadgetException(
          "reading " + file + place(e.getProblemMark()) + ": " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new GadgetException("reading " + file + ": " + e.getMessage(), e);
    }
  }

  private static void checkDepth(String file, Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        throw new GadgetException(
            "reading "
                + file
                + place(event.getStartMark())
                + ": nested more than "
                + DEPTH_MAX
                + " deep");
      }
    }
  }

  private static String place(Optional<Mark> mark) {
    return mark.map(m -> " line " + (m.getLine() + 1) + " column " + (m.getColumn() + 1))
        .orElse("");
  }

  /** The members of a mapping in their order; empty for a value that was left out. */
  Map<String, YamlNode> members() {
    if (isLeftOut()) {
      return Map.of();
    }
    if (!(node instanceof MappingNode mapping)) {
      throw failure("a mapping (name: value) belongs here");
    }
    Map<String, YamlNode> members = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = new YamlNode(file, tuple.getKeyNode()).text();
      YamlNode member = new YamlNode(file, tuple.getKeyNode(), tuple.getValueNode());
      if (members.putIfAbsent(name, member) != null) {
        throw member.misnamed("the member " + name + " occurs twice");
      }
    }
    return members;
  }

  /** The text of a scalar as it was written; empty for a value that was left out. */
  public String text() {
    if (!(node instanceof ScalarNode scalar)) {
      throw failure("a single value belongs here");
    }
    return isLeftOut() ? "" : scalar.getValue();
  }

  /** The elements of a sequence; a single value is a sequence of one. */
  List<YamlNode> elements() {
    if (isLeftOut()) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      return List.of(this);
    }
    List<YamlNode> elements = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      elements.add(new YamlNode(file, element));
    }
    return elements;
  }

  /** The value of a member as a text; empty if there is none. */
  public String member(String name) {
    YamlNode member = members().get(name);
    return member == null ? "" : member.text();
  }

  /** The members of a mapping of texts. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    members().forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }

  /** All scalars below, their names joined by dots; elements of a sequence joined by commas. */
  void flattenInto(String prefix, Map<String, String> target) {
    if (node instanceof MappingNode) {
      members().forEach((name, value) -> value.flattenInto(prefix + "." + name, target));
    } else if (node instanceof SequenceNode) {
      target.put(prefix, String.join(",", elements().stream().map(YamlNode::text).toList()));
    } else {
      target.put(prefix, text());
    }
  }

  /** An error about the name of this member, that names its place. */
  GadgetException misnamed(String cause) {
    return new GadgetException("reading " + file + place(key.getStartMark()) + ": " + cause);
  }

  /** An error about this value, that names its place. */
  GadgetException failure(String cause) {
    return new GadgetException("reading " + file + place(node.getStartMark()) + ": " + cause);
  }

  private boolean isLeftOut() {
    return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
  }
}
