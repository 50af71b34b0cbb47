// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.FieldWatch;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An event's keys and groups, made ready once as literal bytes, so that writing an event is copying
 * them and filling in values. Fields that are not present are left out, and so is a group of which
 * nothing is present. What can be seen to say the same as for an earlier event is copied as a
 * whole. Behind a text with invalid UTF-8 follows its exact form, {@code NAME_bytes}.
 *
 * <p>Single thread; allocates nothing once its buffers have grown.
 */
public final class ObjectPlan {
  /** Words that YAML 1.1 or 1.2 does not read as text, in any mixture of cases. */
  private static final String[] KEYWORDS = {
    "y", "n", "no", "on", "yes", "off", "true", "null", "false"
  };

  private final ValueText values = new ValueText();
  private final int separatorSizeBytes;
  private final boolean plainText;
  private final Group root;
  private boolean watches;

  /**
   * A plan for the fields of a tree.
   *
   * @param depth depth of the event's own keys: 0 alone, 1 inside an array
   */
  public ObjectPlan(FieldTree.Group tree, Notation notation, int depth) {
    this.separatorSizeBytes = notation.separatorSizeBytes();
    this.plainText = notation.allowsPlainText();
    this.root = new Group(new byte[0], members(tree, notation, depth), new byte[0]);
  }

  private static Node[] members(FieldTree.Group tree, Notation notation, int depth) {
    Node[] nodes = new Node[tree.children().size()];
    int count = 0;
    for (Map.Entry<String, FieldTree> child : tree.children().entrySet()) {
      String name = child.getKey();
      nodes[count++] =
          child.getValue() instanceof FieldTree.Leaf leaf
              ? leaf(leaf.field(), name, notation, depth)
              : group((FieldTree.Group) child.getValue(), name, notation, depth);
    }
    return nodes;
  }

  private static Leaf leaf(FieldSpec field, String name, Notation notation, int depth) {
    byte[] bytesKey = notation.key(name.concat("_bytes"), depth);
    return new Leaf(field, notation.key(name, depth), bytesKey);
  }

  private static Group group(FieldTree.Group tree, String name, Notation notation, int depth) {
    byte[] open = notation.open(name, depth);
    return new Group(open, members(tree, notation, depth + 1), notation.close(depth));
  }

  /**
   * Puts what can be watched behind a memo: each group as far as possible whole, for who did it and
   * what was done change independently, and the fields between two groups together.
   */
  private static void watch(EventView event, Group group) {
    List<Node> nodes = new ArrayList<>();
    List<Leaf> row = new ArrayList<>();
    for (Node node : group.members) {
      if (node instanceof Leaf leaf && event.watch(List.of(leaf.field)) != null) {
        row.add(leaf);
        continue;
      }
      addMemo(event, row, nodes);
      row.clear();
      if (node instanceof Group inner) {
        FieldWatch whole = event.watch(fields(inner.members));
        if (whole == null) {
          watch(event, inner);
        } else {
          nodes.add(new Memo(new Node[] {inner}, whole));
          continue;
        }
      }
      nodes.add(node);
    }
    addMemo(event, row, nodes);
    group.members = nodes.toArray(new Node[0]);
  }

  /** All fields of nodes that hold no memo yet, at any depth. */
  private static List<FieldSpec> fields(Node[] nodes) {
    List<FieldSpec> fields = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof Leaf leaf) {
        fields.add(leaf.field);
      } else if (node instanceof Group group) {
        fields.addAll(fields(group.members));
      }
    }
    return fields;
  }

  private static void addMemo(EventView event, List<Leaf> row, List<Node> nodes) {
    FieldWatch watch = row.isEmpty() ? null : event.watch(fields(row.toArray(new Node[0])));
    if (watch == null) {
      nodes.addAll(row);
    } else {
      nodes.add(new Memo(row.toArray(new Node[0]), watch));
    }
  }

  /**
   * Appends the event's keys and values.
   *
   * @param firstSkipBytes leading bytes of the first key that are left out
   * @return false if nothing was present and so nothing was written
   */
  public boolean append(EventView event, int firstSkipBytes, TextBuffer out) {
    if (!watches) {
      watches = true;
      watch(event, root);
    }
    int start = out.length();
    appendMembers(event, root.members, firstSkipBytes, out);
    return out.length() > start;
  }

  private void appendMembers(EventView event, Node[] members, int firstSkip, TextBuffer out) {
    int start = out.length();
    for (Node node : members) {
      int skip = out.length() == start ? firstSkip : 0;
      if (node instanceof Memo memo) {
        appendMemo(event, memo, skip, out);
      } else if (node instanceof Leaf leaf) {
        appendLeaf(event, leaf, skip, out);
      } else {
        appendGroup(event, (Group) node, skip, out);
      }
    }
  }

  private void appendMemo(EventView event, Memo memo, int skip, TextBuffer out) {
    int slot = memo.watch.slot(event);
    TextBuffer text = memo.texts[slot < 0 ? ~slot : slot];
    if (slot < 0) {
      text.clear();
      appendMembers(event, memo.members, 0, text);
    }
    if (text.length() > 0) {
      out.append(text.array(), skip, text.length() - skip);
    }
  }

  private void appendGroup(EventView event, Group group, int skip, TextBuffer out) {
    int before = out.length();
    out.append(group.open, skip, group.open.length - skip);
    int opened = out.length();
    appendMembers(event, group.members, separatorSizeBytes, out);
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
    if (plainText && field.type() == FieldType.STRING) {
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

  /** Nodes and what they said for earlier events, separators included. */
  private static final class Memo implements Node {
    final Node[] members;
    final FieldWatch watch;
    final TextBuffer[] texts = new TextBuffer[FieldWatch.SLOTS];

    Memo(Node[] members, FieldWatch watch) {
      this.members = members;
      this.watch = watch;
      for (int i = 0; i < texts.length; i++) {
        texts[i] = new TextBuffer(64);
      }
    }
  }

  private static final class Group implements Node {
    final byte[] open;
    final byte[] close;
    Node[] members;

    Group(byte[] open, Node[] members, byte[] close) {
      this.open = open;
      this.members = members;
      this.close = close;
    }
  }
}
