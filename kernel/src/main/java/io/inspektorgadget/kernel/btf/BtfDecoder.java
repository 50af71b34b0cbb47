// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Decodes single types of a {@code .BTF} section; every read is checked. Immutable. */
final class BtfDecoder {
  static final int KIND_INT = 1;
  static final int KIND_PTR = 2;
  static final int KIND_ARRAY = 3;
  static final int KIND_STRUCT = 4;
  static final int KIND_UNION = 5;
  static final int KIND_ENUM = 6;
  static final int KIND_FWD = 7;
  static final int KIND_TYPEDEF = 8;
  static final int KIND_VOLATILE = 9;
  static final int KIND_CONST = 10;
  static final int KIND_RESTRICT = 11;
  static final int KIND_FUNC = 12;
  static final int KIND_FUNC_PROTO = 13;
  static final int KIND_VAR = 14;
  static final int KIND_DATASEC = 15;
  static final int KIND_FLOAT = 16;
  static final int KIND_DECL_TAG = 17;
  static final int KIND_TYPE_TAG = 18;
  static final int KIND_ENUM64 = 19;

  private static final int HEAD_BYTES = 12;
  private static final int INT_SIGNED = 1;
  private static final int INT_BOOL = 4;

  private final String object;
  private final ByteBuffer types;
  private final byte[] strings;

  /**
   * A decoder over copies of the parts: it mostly runs once, in a JVM that has not compiled it, and
   * there memory segments take ten times as long.
   */
  BtfDecoder(String object, MemorySegment types, MemorySegment strings) {
    this.object = object;
    this.types =
        ByteBuffer.wrap(types.toArray(ValueLayout.JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
    this.strings = strings.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Length of the type information, in bytes. */
  long typesBytes() {
    return types.limit();
  }

  int kind(long at) {
    return (int32(at + 4) >>> 24) & 0x1f;
  }

  boolean nameEquals(long at, byte[] name) {
    long offset = Integer.toUnsignedLong(int32(at));
    if (offset + name.length >= strings.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (strings[(int) offset + i] != name[i]) {
        return false;
      }
    }
    return strings[(int) offset + name.length] == 0;
  }

  /** Where the type behind the one at {@code at} begins. */
  long next(long at) {
    if (at + HEAD_BYTES > types.limit()) {
      throw failure("a type is cut off at byte " + at);
    }
    int entries = entries(at);
    long tail =
        switch (kind(at)) {
          case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 4;
          case KIND_ARRAY -> 12;
          case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> 12L * entries;
          case KIND_ENUM, KIND_FUNC_PROTO -> 8L * entries;
          case KIND_PTR,
              KIND_FWD,
              KIND_TYPEDEF,
              KIND_VOLATILE,
              KIND_CONST,
              KIND_RESTRICT,
              KIND_FUNC,
              KIND_FLOAT,
              KIND_TYPE_TAG ->
              0;
          default ->
              throw failure(
                  "the kind " + kind(at) + " of the type at byte " + at + " is not known");
        };
    long end = at + HEAD_BYTES + tail;
    if (end > types.limit()) {
      throw failure("the type at byte " + at + " is cut off");
    }
    return end;
  }

  BtfType decode(long at) {
    String name = text(int32(at));
    int target = int32(at + 8);
    int entries = entries(at);
    boolean flag = int32(at + 4) < 0;
    return switch (kind(at)) {
      case KIND_INT -> integer(at, name, target);
      case KIND_PTR -> new BtfType.Ptr(target);
      case KIND_ARRAY -> array(at);
      case KIND_STRUCT, KIND_UNION ->
          new BtfType.Struct(
              name, size(at, target), kind(at) == KIND_UNION, members(at, entries, flag));
      case KIND_ENUM ->
          new BtfType.Enumeration(name, enumSize(at, target), flag, enumerators(at, entries, flag));
      case KIND_ENUM64 ->
          new BtfType.Enumeration(name, enumSize(at, target), flag, enumerators64(at, entries));
      case KIND_FWD -> new BtfType.Fwd(name, flag);
      case KIND_TYPEDEF -> new BtfType.Typedef(name, target);
      case KIND_VOLATILE -> new BtfType.Volatile(target);
      case KIND_CONST -> new BtfType.Const(target);
      case KIND_RESTRICT -> new BtfType.Restrict(target);
      case KIND_FUNC -> new BtfType.Func(name, target);
      case KIND_FUNC_PROTO -> new BtfType.FuncProto(target, parameters(at, entries));
      case KIND_VAR -> new BtfType.Var(name, target, int32(at + HEAD_BYTES));
      case KIND_DATASEC -> new BtfType.Datasec(name, size(at, target), places(at, entries));
      case KIND_FLOAT -> new BtfType.FloatType(name, size(at, target));
      case KIND_DECL_TAG -> new BtfType.DeclTag(name, target, int32(at + HEAD_BYTES));
      case KIND_TYPE_TAG -> new BtfType.TypeTag(name, target);
      default -> throw failure("the kind of the type at byte " + at + " is not known");
    };
  }

  private BtfType integer(long at, String name, int sizeBytes) {
    if (sizeBytes != 1 && sizeBytes != 2 && sizeBytes != 4 && sizeBytes != 8 && sizeBytes != 16) {
      throw failure("the integer " + name + " has " + sizeBytes + " bytes");
    }
    int encoding = (int32(at + HEAD_BYTES) >>> 24) & 0xf;
    return new BtfType.Int(
        name, sizeBytes, (encoding & INT_SIGNED) != 0, (encoding & INT_BOOL) != 0);
  }

  private BtfType array(long at) {
    int count = int32(at + HEAD_BYTES + 8);
    if (count < 0) {
      throw failure(
          "the array at byte " + at + " has " + Integer.toUnsignedString(count) + " elements");
    }
    return new BtfType.Array(int32(at + HEAD_BYTES), count);
  }

  private List<BtfType.Member> members(long at, int count, boolean bitFields) {
    List<BtfType.Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entry = at + HEAD_BYTES + 12L * i;
      int offset = int32(entry + 8);
      int bits = bitFields ? offset >>> 24 : 0;
      int offsetBits = bitFields ? offset & 0xffffff : offset;
      if (offsetBits < 0) {
        throw failure("a member of the struct at byte " + at + " lies outside of it");
      }
      members.add(new BtfType.Member(text(int32(entry)), int32(entry + 4), offsetBits, bits));
    }
    return members;
  }

  private List<BtfType.Enumerator> enumerators(long at, int count, boolean signed) {
    List<BtfType.Enumerator> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entry = at + HEAD_BYTES + 8L * i;
      int value = int32(entry + 4);
      values.add(
          new BtfType.Enumerator(
              text(int32(entry)), signed ? value : Integer.toUnsignedLong(value)));
    }
    return values;
  }

  private List<BtfType.Enumerator> enumerators64(long at, int count) {
    List<BtfType.Enumerator> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entry = at + HEAD_BYTES + 12L * i;
      long low = Integer.toUnsignedLong(int32(entry + 4));
      values.add(new BtfType.Enumerator(text(int32(entry)), low | ((long) int32(entry + 8) << 32)));
    }
    return values;
  }

  private List<BtfType.Parameter> parameters(long at, int count) {
    List<BtfType.Parameter> parameters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entry = at + HEAD_BYTES + 8L * i;
      parameters.add(new BtfType.Parameter(text(int32(entry)), int32(entry + 4)));
    }
    return parameters;
  }

  private List<BtfType.Place> places(long at, int count) {
    List<BtfType.Place> places = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entry = at + HEAD_BYTES + 12L * i;
      places.add(new BtfType.Place(int32(entry), int32(entry + 4), size(entry, int32(entry + 8))));
    }
    return places;
  }

  private int enumSize(long at, int sizeBytes) {
    if (sizeBytes != 1 && sizeBytes != 2 && sizeBytes != 4 && sizeBytes != 8) {
      throw failure("the enumeration at byte " + at + " has " + sizeBytes + " bytes");
    }
    return sizeBytes;
  }

  private int size(long at, int sizeBytes) {
    if (sizeBytes < 0) {
      throw failure("a size at byte " + at + " is " + Integer.toUnsignedString(sizeBytes));
    }
    return sizeBytes;
  }

  private String text(int offset) {
    long begin = Integer.toUnsignedLong(offset);
    long end = begin;
    while (end < strings.length && strings[(int) end] != 0) {
      end++;
    }
    if (end >= strings.length) {
      throw failure("a name lies at " + begin + " of " + strings.length + " bytes of names");
    }
    return new String(strings, (int) begin, (int) (end - begin), StandardCharsets.UTF_8);
  }

  private int entries(long at) {
    return int32(at + 4) & 0xffff;
  }

  private int int32(long at) {
    return types.getInt((int) at);
  }

  BtfException failure(String cause) {
    return new BtfException(object, cause);
  }
}
