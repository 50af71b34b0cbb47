// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/** The numbers of enum bpf_map_type that this package treats apart. */
final class MapType {
  static final int ARRAY = 2;
  static final int PER_CPU_HASH = 5;
  static final int PER_CPU_ARRAY = 6;
  static final int LRU_PER_CPU_HASH = 10;
  static final int PER_CPU_CGROUP_STORAGE = 21;
  static final int RING_BUFFER = 27;

  private MapType() {}

  static boolean isPerCpu(int type) {
    return type == PER_CPU_HASH
        || type == PER_CPU_ARRAY
        || type == LRU_PER_CPU_HASH
        || type == PER_CPU_CGROUP_STORAGE;
  }

  static boolean isArray(int type) {
    return type == ARRAY || type == PER_CPU_ARRAY;
  }
}
