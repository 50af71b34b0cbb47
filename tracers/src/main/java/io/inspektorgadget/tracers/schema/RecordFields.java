// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members of a record as fields: nested structs become groups, anonymous ones vanish, members
 * whose name begins with two underscores are private. Every byte that is not private is in some
 * field, or the object is refused.
 */
final class RecordFields {
  /** Meaning of an endpoint's address, a union of its two forms. */
  static final String ADDRESS_UNION = "gadget_ip_addr_t";

  /** Meaning of an endpoint's protocol number; no typedef of its own says it. */
  static final String PROTOCOL = "gadget_l4proto";

  /** Meaning of a user stack, and of the id in it. */
  static final String USER_STACK = "gadget_user_stack";

  private static final String TAIL_STRING = "gadget_string";
  private static final String TAIL_STRING_LIST = "gadget_string_list";
  private static final String HISTOGRAM_SLOT = "gadget_histogram_slot__";
  private static final Set<String> ENDPOINTS = Set.of("gadget_l3endpoint_t", "gadget_l4endpoint_t");
  private static final int DEPTH_MAX = 16;
  private static final int MEMBERS_MAX = 4096;

  private final Btf btf;
  private final String record;
  private final int recordBytes;
  private final int baseBytes;
  private final List<FieldDraft> fields = new ArrayList<>();
  private int memberCount;

  private RecordFields(Btf btf, String record, int recordBytes, int baseBytes) {
    this.btf = btf;
    this.record = record;
    this.recordBytes = recordBytes;
    this.baseBytes = baseBytes;
  }

  /**
   * The fields of a struct.
   *
   * @param record what errors call it
   * @param struct its type
   * @param baseBytes where the struct begins in the record
   * @throws GadgetException if a member cannot be a field; it is named
   */
  static List<FieldDraft> of(Btf btf, String record, BtfType.Struct struct, int baseBytes) {
    RecordFields fields = new RecordFields(btf, record, struct.sizeBytes(), baseBytes);
    fields.members(struct, "", 0, 0);
    fields.group("", struct.name(), 0);
    return fields.fields;
  }

  private void members(BtfType.Struct struct, String prefix, int offsetBytes, int depth) {
    if (depth > DEPTH_MAX) {
      throw failure(prefix, "its structs are nested more than " + DEPTH_MAX + " deep");
    }
    for (BtfType.Member member : struct.members()) {
      String name = prefix + member.name();
      if (++memberCount > MEMBERS_MAX) {
        throw failure(name, "the record has more than " + MEMBERS_MAX + " members");
      }
      if (member.name().startsWith("__")) {
        continue;
      }
      if (member.bitFieldSizeBits() != 0 || member.offsetBits() % 8 != 0) {
        throw failure(name, "it is a bit field; make it a bool or a __u8");
      }
      int offset = offsetBytes + member.offsetBits() / 8;
      member(name, member, offset, depth);
    }
  }

  private void member(String name, BtfType.Member member, int offset, int depth) {
    int size = btf.sizeBytes(member.type());
    if (offset < 0 || (long) offset + size > recordBytes) {
      throw failure(name, "it lies outside of the record's " + recordBytes + " bytes");
    }
    String semantics = semantics(member.type());
    switch (btf.resolve(member.type())) {
      case BtfType.Struct struct -> struct(name, member, struct, offset, depth);
      case BtfType.Array array -> array(name, semantics, array, offset, size);
      case BtfType.Int type -> integer(name, semantics, type, offset);
      case BtfType.Enumeration type -> enumeration(name, member.type(), type, offset);
      case BtfType.Ptr _ -> fixed(name, FieldType.UINT64, semantics, offset, size);
      case BtfType.FloatType type -> floating(name, semantics, type, offset);
      default -> throw failure(name, "a value of its type has no size that is known");
    }
  }

  private void struct(
      String name, BtfType.Member member, BtfType.Struct struct, int offset, int depth) {
    String semantics = semantics(member.type());
    String meaning = semantics.isEmpty() ? struct.name() : semantics;
    int size = struct.sizeBytes();
    if (meaning.equals(TAIL_STRING) && size == 4) {
      add(name, FieldType.STRING, meaning, stored(Encoding.TAIL, offset, size));
    } else if (meaning.equals(TAIL_STRING_LIST) && size == 4) {
      add(name, FieldType.STRING_LIST, meaning, stored(Encoding.TAIL, offset, size));
    } else if (meaning.equals(ADDRESS_UNION)) {
      fixed(name, FieldType.BYTES, meaning, offset, size);
    } else if (member.name().isEmpty()) {
      // name is the prefix then: the members belong to the group around them.
      members(struct, name, offset, depth + 1);
    } else {
      int first = fields.size();
      members(struct, name + ".", offset, depth + 1);
      group(name, meaning, first);
    }
  }

  /** Adds what a group of a known kind is as a whole, and marks its members. */
  private void group(String name, String meaning, int first) {
    List<FieldDraft> members = List.copyOf(fields.subList(first, fields.size()));
    for (int i = 0; i < members.size(); i++) {
      FieldDraft member = FieldTemplates.memberOf(meaning, name, members.get(i));
      fields.set(first + i, withMeaningIn(meaning, member));
    }
    if (meaning.equals(USER_STACK)) {
      makeOptional(first);
    }
    if (!ENDPOINTS.contains(meaning)) {
      return;
    }
    for (FieldDraft member : members) {
      if (member.shortName().equals("addr_raw")) {
        String formatter = meaning.substring("gadget_".length(), meaning.length() - "_t".length());
        FieldDraft whole =
            new FieldDraft(
                name,
                FieldType.STRING,
                meaning,
                new FieldDraft.Origin.Made(formatter, member.name(), ""),
                Map.of());
        fields.add(first, whole);
        return;
      }
    }
  }

  /** A stack behind strings is the part of a record that is left out if nobody asked for it. */
  private void makeOptional(int first) {
    for (FieldDraft text : fields.subList(0, first)) {
      if (text.origin() instanceof FieldDraft.Origin.InRecord(FieldOrigin.Stored stored, int _)
          && stored.encoding() == Encoding.TAIL) {
        fields.subList(first, fields.size()).replaceAll(member -> optional(member, stored));
        return;
      }
    }
  }

  private static FieldDraft optional(FieldDraft member, FieldOrigin.Stored firstText) {
    if (!(member.origin()
        instanceof FieldDraft.Origin.InRecord(FieldOrigin.Stored own, int type))) {
      return member;
    }
    FieldOrigin.Stored stored =
        new FieldOrigin.Stored(
            Encoding.OPTIONAL, own.offsetBytes(), own.sizeBytes(), firstText.offsetBytes());
    return new FieldDraft(
        member.name(),
        member.type(),
        member.semantics(),
        new FieldDraft.Origin.InRecord(stored, type),
        member.annotations());
  }

  private static FieldDraft withMeaningIn(String groupType, FieldDraft member) {
    String meaning = "";
    if (groupType.equals("gadget_l4endpoint_t") && member.shortName().equals("proto_raw")) {
      meaning = PROTOCOL;
    } else if (groupType.equals(USER_STACK) && member.shortName().equals("stack_id")) {
      meaning = USER_STACK;
    }
    return meaning.isEmpty()
        ? member
        : new FieldDraft(
            member.name(), member.type(), meaning, member.origin(), member.annotations());
  }

  private void array(String name, String semantics, BtfType.Array array, int offset, int size) {
    String elementSemantics = semantics.isEmpty() ? semantics(array.element()) : semantics;
    int elementSize = btf.sizeBytes(array.element());
    boolean number = btf.resolve(array.element()) instanceof BtfType.Int;
    if (elementSemantics.startsWith(HISTOGRAM_SLOT) && number) {
      FieldOrigin.Stored stored =
          new FieldOrigin.Stored(Encoding.FIXED, baseBytes + offset, size, elementSize);
      add(name, FieldType.HISTOGRAM, elementSemantics, stored);
    } else if (btf.resolve(array.element()) instanceof BtfType.Int type
        && type.name().equals("char")) {
      FieldOrigin.Stored stored = stored(Encoding.NUL_TERMINATED, offset, size);
      add(name, FieldType.STRING, elementSemantics, stored);
    } else {
      FieldOrigin.Stored stored =
          new FieldOrigin.Stored(
              Encoding.FIXED, baseBytes + offset, size, Math.max(1, elementSize));
      add(name, FieldType.BYTES, elementSemantics, stored);
    }
  }

  private void integer(String name, String semantics, BtfType.Int type, int offset) {
    fixed(name, integerType(type), semantics, offset, type.sizeBytes());
  }

  /** How an integer is read; one of 16 bytes as bytes. */
  static FieldType integerType(BtfType.Int type) {
    if (type.bool()) {
      return FieldType.BOOL;
    }
    return integerType(type.sizeBytes(), type.signed());
  }

  private static FieldType integerType(int sizeBytes, boolean signed) {
    return switch (sizeBytes) {
      case 1 -> signed ? FieldType.INT8 : FieldType.UINT8;
      case 2 -> signed ? FieldType.INT16 : FieldType.UINT16;
      case 4 -> signed ? FieldType.INT32 : FieldType.UINT32;
      case 8 -> signed ? FieldType.INT64 : FieldType.UINT64;
      default -> FieldType.BYTES;
    };
  }

  private void enumeration(String name, int typeId, BtfType.Enumeration type, int offset) {
    String semantics = semantics(typeId);
    String meaning = semantics.isEmpty() ? enumerationName(typeId, type) : semantics;
    fields.add(
        new FieldDraft(
            name,
            integerType(type.sizeBytes(), type.signed()),
            meaning,
            new FieldDraft.Origin.InRecord(
                stored(Encoding.FIXED, offset, type.sizeBytes()), btf.resolvedId(typeId)),
            Map.of()));
  }

  /** An enumeration without a name is called by the typedef that stands for it. */
  private String enumerationName(int typeId, BtfType.Enumeration type) {
    return type.name().isEmpty() && btf.type(typeId) instanceof BtfType.Typedef typedef
        ? typedef.name()
        : type.name();
  }

  private void floating(String name, String semantics, BtfType.FloatType type, int offset) {
    switch (type.sizeBytes()) {
      case 4 -> fixed(name, FieldType.FLOAT32, semantics, offset, 4);
      case 8 -> fixed(name, FieldType.FLOAT64, semantics, offset, 8);
      default -> throw failure(name, "floats of " + type.sizeBytes() + " bytes are not possible");
    }
  }

  private void fixed(String name, FieldType type, String semantics, int offset, int size) {
    add(name, type, semantics, stored(Encoding.FIXED, offset, size));
  }

  private void add(String name, FieldType type, String semantics, FieldOrigin.Stored stored) {
    fields.add(
        new FieldDraft(name, type, semantics, new FieldDraft.Origin.InRecord(stored, 0), Map.of()));
  }

  private FieldOrigin.Stored stored(Encoding encoding, int offset, int size) {
    return new FieldOrigin.Stored(encoding, baseBytes + offset, size, size);
  }

  /** The innermost of a type's typedefs whose name belongs to the contract; empty if none does. */
  private String semantics(int typeId) {
    String found = "";
    int current = typeId;
    while (true) {
      BtfType type = btf.type(current);
      int target = Btf.targetOf(type);
      if (target < 0) {
        return found;
      }
      if (type instanceof BtfType.Typedef && type.name().startsWith("gadget_")) {
        found = type.name();
      }
      current = target;
    }
  }

  private GadgetException failure(String field, String cause) {
    return new GadgetException("reading the field " + field + " of " + record + ": " + cause);
  }
}
