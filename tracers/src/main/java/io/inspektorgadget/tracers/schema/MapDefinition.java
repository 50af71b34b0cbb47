// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.kernel.btf.ObjectVariables;
import org.jspecify.annotations.Nullable;

/**
 * A map as an object defines it in its section {@code .maps}: a struct whose members are pointers
 * to what they mean.
 *
 * @param type {@code BPF_MAP_TYPE_…}; 0 if the object does not say it
 * @param keyType id of the key's type; 0 if it has only a size
 * @param valueType id of the value's type; 0 if it has only a size
 */
record MapDefinition(String name, int type, int keyType, int valueType) {
  static final int HASH = 1;
  static final int PERF_EVENT_ARRAY = 4;
  static final int LRU_HASH = 9;
  static final int RING_BUFFER = 27;

  /** The definition of that name, or null. */
  static @Nullable MapDefinition find(Btf btf, ObjectVariables variables, String name) {
    ObjectVariables.Variable variable = variables.find(name);
    if (variable == null
        || !variable.section().equals(".maps")
        || !(btf.resolve(variable.type()) instanceof BtfType.Struct struct)) {
      return null;
    }
    int type = 0;
    int key = 0;
    int value = 0;
    for (BtfType.Member member : struct.members()) {
      if (btf.resolve(member.type()) instanceof BtfType.Ptr pointer) {
        switch (member.name()) {
          case "type" ->
              type = btf.resolve(pointer.target()) instanceof BtfType.Array a ? a.count() : 0;
          case "key" -> key = pointer.target();
          case "value" -> value = pointer.target();
          default -> {}
        }
      }
    }
    return new MapDefinition(name, type, key, value);
  }

  boolean isHash() {
    return type == HASH || type == LRU_HASH;
  }
}
