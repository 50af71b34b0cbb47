// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The members that an object can have, in the order in which they are written. Immutable. */
final class JsonMembers {
  private final Member[] members;

  private JsonMembers(Member[] members) {
    this.members = members;
  }

  /** A member of an object. */
  static final class Member {
    private final byte[] name;
    private final @Nullable JsonMembers group;
    private final @Nullable FieldSpec field;
    private final boolean exact;

    private Member(
        String name, @Nullable JsonMembers group, @Nullable FieldSpec field, boolean exact) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.group = group;
      this.field = field;
      this.exact = exact;
    }

    /** What is in it, if it is an object of several fields. */
    @Nullable JsonMembers group() {
      return group;
    }

    /** The field that it is, if it is one. */
    @Nullable FieldSpec field() {
      return field;
    }

    /** True if it has the field's bytes in base64, as they are no UTF-8. */
    boolean exact() {
      return exact;
    }
  }

  static JsonMembers of(FieldTree.Group tree) {
    Map<String, Member> members = new TreeMap<>();
    tree.children()
        .forEach((name, child) -> {
          if (child instanceof FieldTree.Group group) {
            members.put(name, new Member(name, of(group), null, false));
            return;
          }
          FieldSpec field = ((FieldTree.Leaf) child).field();
          members.put(name, new Member(name, null, field, false));
          if (field.type() == FieldType.STRING || field.type() == FieldType.STRING_LIST) {
            String exact = name + "_bytes";
            members.putIfAbsent(exact, new Member(exact, null, field, true));
          }
        });
    return new JsonMembers(members.values().toArray(new Member[0]));
  }

  Member member(int position) {
    return members[position];
  }

  /**
   * The position of the member of that name; negative if there is none.
   *
   * @param expected where to look first: members come in order
   */
  int find(TextBuffer name, int expected) {
    for (int i = 0; i < members.length; i++) {
      int position = (expected + i) % members.length;
      byte[] known = members[position].name;
      if (Arrays.equals(known, 0, known.length, name.array(), 0, name.length())) {
        return position;
      }
    }
    return -1;
  }
}
