// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import java.util.List;

/**
 * One type of a BTF section. References to other types are ids for {@link Btf#type(int)}. Names are
 * empty where the type has none. All lists are unmodifiable.
 */
public sealed interface BtfType {

  /** Its name; empty if it has none. */
  default String name() {
    return "";
  }

  /** Id 0: no type. */
  record None() implements BtfType {}

  /**
   * An integer.
   *
   * @param sizeBytes 1, 2, 4, 8 or 16
   * @param signed true if it has a sign
   * @param bool true for {@code _Bool}
   */
  record Int(String name, int sizeBytes, boolean signed, boolean bool) implements BtfType {}

  /** A pointer to {@code target}. */
  record Ptr(int target) implements BtfType {}

  /** An array of {@code count} elements. */
  record Array(int element, int count) implements BtfType {}

  /**
   * A struct or a union.
   *
   * @param union true if all members lie at its beginning
   */
  record Struct(String name, int sizeBytes, boolean union, List<Member> members)
      implements BtfType {
    public Struct {
      members = List.copyOf(members);
    }
  }

  /**
   * A member of a struct or union.
   *
   * @param type id of its type
   * @param offsetBits where it begins in the struct
   * @param bitFieldSizeBits its size if it is a bit field, else 0
   */
  record Member(String name, int type, int offsetBits, int bitFieldSizeBits) {}

  /** An enumeration, of 64-bit values as well. */
  record Enumeration(String name, int sizeBytes, boolean signed, List<Enumerator> values)
      implements BtfType {
    public Enumeration {
      values = List.copyOf(values);
    }
  }

  /** A name of an enumeration and its value. */
  record Enumerator(String name, long value) {}

  /** A struct or union that is declared but not defined. */
  record Fwd(String name, boolean union) implements BtfType {}

  /** A further name for {@code target}. */
  record Typedef(String name, int target) implements BtfType {}

  /** {@code volatile}. */
  record Volatile(int target) implements BtfType {}

  /** {@code const}. */
  record Const(int target) implements BtfType {}

  /** {@code restrict}. */
  record Restrict(int target) implements BtfType {}

  /** A function; {@code prototype} is its {@link FuncProto}. */
  record Func(String name, int prototype) implements BtfType {}

  /** What a function takes and returns. */
  record FuncProto(int returnType, List<Parameter> parameters) implements BtfType {
    public FuncProto {
      parameters = List.copyOf(parameters);
    }
  }

  /** A parameter of a function; type 0 at the end stands for {@code …}. */
  record Parameter(String name, int type) {}

  /** A variable; {@code linkage} is 0 static, 1 global, 2 extern. */
  record Var(String name, int type, int linkage) implements BtfType {}

  /**
   * The variables of a section such as {@code .rodata} or {@code .maps}. In objects that no linker
   * has seen, its size and the offsets in it are 0: {@link ObjectVariables} has the true ones.
   */
  record Datasec(String name, int sizeBytes, List<Place> places) implements BtfType {
    public Datasec {
      places = List.copyOf(places);
    }
  }

  /** A variable's place in its section; {@code variable} is the id of the {@link Var}. */
  record Place(int variable, int offsetBytes, int sizeBytes) {}

  /** A floating-point number. */
  record FloatType(String name, int sizeBytes) implements BtfType {}

  /** {@code btf_decl_tag}; {@code component} is the member or parameter it is for, -1 for none. */
  record DeclTag(String name, int target, int component) implements BtfType {}

  /** {@code btf_type_tag}. */
  record TypeTag(String name, int target) implements BtfType {}
}
