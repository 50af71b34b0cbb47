// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.Map;

/**
 * An event's keys and groups, made ready once as literal bytes, so that writing an event is copying
 * them and filling in values. Fields that are not present are left out, and so is a group of which
 * nothing is present. Behind a text with invalid UTF-8 follows its exact form, {@code NAME_bytes}.
 *
 * <p>Single thread; allocates nothing once its buffers have grown.
 */
public final class ObjectPlan {
  /** Words that YAML 1.1 or 1.2 does not read as text, in any mixture of cases. */
  private static final String[] KEYWORDS = {
    "y", "n", "no", "on", "yes", "off", "true", "null", "false"
  };

  private final ValueText values = new ValueText();
  private final Notation notation;
  private final Group root;

  /**
   * A plan for the fields of a tree.
   *
   * @param depth depth of the event's own keys: 0 alone, 1 inside an array
   */
  public ObjectPlan(FieldTree.Group tree, Notation notation, int depth) {
    this.notation = notation;
    this.root = new Group(new byte[0], members(tree, depth), new byte[0]);
  }

  private Node[] members(FieldTree.Group tree, int depth) {
    Node[] nodes = new Node[tree.children().size()];
    int count = 0;
    for (Map.Entry<String, FieldTree> child : tree.children().entrySet()) {
      String name = child.getKey();
      nodes[count++] =
          child.getValue() instanceof FieldTree.Leaf leaf
              ? leaf(leaf.field(), name, depth)
              : group((FieldTree.Group) child.getValue(), name, depth);
    }
    return nodes;
  }

  private Leaf leaf(FieldSpec field, String name, int depth) {
    byte[] bytesKey = notation.key(name.concat("_bytes"), depth);
    return new Leaf(field, notation.key(name, depth), bytesKey);
  }

  private Group group(FieldTree.Group tree, String name, int depth) {
    byte[] open = notation.open(name, depth);
    return new Group(open, members(tree, depth + 1), notation.close(depth));
  }

  /**
   * Appends the event's keys and values.
   *
   * @param firstSkipBytes leading bytes of the first key that are left out
   * @return false if nothing was present and so nothing was written
   */
  public boolean append(EventView event, int firstSkipBytes, TextBuffer out) {
    int start = out.length();
    appendMembers(event, root, firstSkipBytes, out);
    return out.length() > start;
  }

  private void appendMembers(EventView event, Group group, int firstSkip, TextBuffer out) {
    int start = out.length();
    for (Node node : group.members) {
      int skip = out.length() == start ? firstSkip : 0;
      if (node instanceof Leaf leaf) {
        appendLeaf(event, leaf, skip, out);
      } else {
        appendGroup(event, (Group) node, skip, out);
      }
    }
  }

  private void appendGroup(EventView event, Group group, int skip, TextBuffer out) {
    int before = out.length();
    out.append(group.open, skip, group.open.length - skip);
    int opened = out.length();
    appendMembers(event, group, notation.separatorSizeBytes(), out);
    if (out.length() == opened) {
      out.truncate(before);
    } else {
      out.append(group.close);
    }
  }

  private void appendLeaf(EventView event, Leaf leaf, int skip, TextBuffer out) {
    FieldSpec field = leaf.field;
    if (!event.isPresent(field.index())) {
      return;
    }
    out.append(leaf.key, skip, leaf.key.length - skip);
    if (notation.allowsPlainText() && field.type() == FieldType.STRING) {
      int start = out.length();
      event.textAt(field.index(), out);
      if (isPlainScalar(out.array(), start, out.length())) {
        return;
      }
      out.truncate(start);
    }
    if (!values.append(event, field, out)) {
      out.append(leaf.bytesKey);
      values.appendExact(event, field, out);
    }
  }

  /**
   * True for texts that YAML cannot take for anything else: a path or a word that is no keyword.
   */
  private static boolean isPlainScalar(byte[] bytes, int from, int end) {
    if (end == from || !(isLetter(bytes[from]) || bytes[from] == '/')) {
      return false;
    }
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      boolean mark = b == '/' || b == '_' || b == '-' || b == '.';
      if (!mark && !isLetter(b) && (b < '0' || b > '9')) {
        return false;
      }
    }
    return !isKeyword(bytes, from, end);
  }

  private static boolean isKeyword(byte[] bytes, int from, int end) {
    for (String keyword : KEYWORDS) {
      int i = 0;
      while (i < keyword.length()
          && keyword.length() == end - from
          && (bytes[from + i] | 0x20) == keyword.charAt(i)) {
        i++;
      }
      if (i == keyword.length()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private sealed interface Node {}

  private static final class Leaf implements Node {
    final FieldSpec field;
    final byte[] key;
    final byte[] bytesKey;

    Leaf(FieldSpec field, byte[] key, byte[] bytesKey) {
      this.field = field;
      this.key = key;
      this.bytesKey = bytesKey;
    }
  }

  private static final class Group implements Node {
    final byte[] open;
    final Node[] members;
    final byte[] close;

    Group(byte[] open, Node[] members, byte[] close) {
      this.open = open;
      this.members = members;
      this.close = close;
    }
  }
}
