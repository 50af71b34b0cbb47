// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.NativeFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * libbpf 1.x (libbpf.so.1), opened on first use, with every function that is called here resolved
 * at once. Its messages are silenced; {@link LoadDiagnosis} listens to them where a load fails.
 */
final class LibBpf {
  static final String LIBRARY = "libbpf.so.1";

  private static final Symbols SYMBOLS = Symbols.open(LIBRARY);

  static final NativeFunction SET_PRINT = function("libbpf_set_print");
  static final NativeFunction POSSIBLE_CPUS = function("libbpf_num_possible_cpus");
  static final NativeFunction FIND_KERNEL_BTF_ID = function("libbpf_find_vmlinux_btf_id");

  static final NativeFunction OBJECT_OPEN_MEM = function("bpf_object__open_mem");
  static final NativeFunction OBJECT_LOAD = function("bpf_object__load");
  static final NativeFunction OBJECT_CLOSE = function("bpf_object__close");
  static final NativeFunction OBJECT_NEXT_PROGRAM = function("bpf_object__next_program");
  static final NativeFunction OBJECT_NEXT_MAP = function("bpf_object__next_map");

  static final NativeFunction PROGRAM_NAME = function("bpf_program__name");
  static final NativeFunction PROGRAM_SECTION = function("bpf_program__section_name");
  static final NativeFunction PROGRAM_FD = function("bpf_program__fd");
  static final NativeFunction PROGRAM_AUTOLOAD = function("bpf_program__autoload");
  static final NativeFunction PROGRAM_SET_AUTOLOAD = function("bpf_program__set_autoload");
  static final NativeFunction PROGRAM_SET_TYPE = function("bpf_program__set_type");
  static final NativeFunction PROGRAM_ATTACH = function("bpf_program__attach");
  static final NativeFunction PROGRAM_ATTACH_PERF_EVENT =
      function("bpf_program__attach_perf_event");

  static final NativeFunction MAP_NAME = function("bpf_map__name");
  static final NativeFunction MAP_TYPE = function("bpf_map__type");
  static final NativeFunction MAP_KEY_SIZE = function("bpf_map__key_size");
  static final NativeFunction MAP_VALUE_SIZE = function("bpf_map__value_size");
  static final NativeFunction MAP_MAX_ENTRIES = function("bpf_map__max_entries");
  static final NativeFunction MAP_SET_MAX_ENTRIES = function("bpf_map__set_max_entries");
  static final NativeFunction MAP_IS_INTERNAL = function("bpf_map__is_internal");
  static final NativeFunction MAP_INITIAL_VALUE = function("bpf_map__initial_value");
  static final NativeFunction MAP_REUSE_FD = function("bpf_map__reuse_fd");
  static final NativeFunction MAP_FD = function("bpf_map__fd");

  static final NativeFunction ELEMENT_LOOKUP = function("bpf_map_lookup_elem");
  static final NativeFunction ELEMENT_UPDATE = function("bpf_map_update_elem");
  static final NativeFunction ELEMENT_DELETE = function("bpf_map_delete_elem");
  static final NativeFunction ELEMENT_TAKE = function("bpf_map_lookup_and_delete_elem");
  static final NativeFunction ELEMENT_NEXT_KEY = function("bpf_map_get_next_key");

  static final NativeFunction LINK_FD = function("bpf_link__fd");
  static final NativeFunction LINK_DESTROY = function("bpf_link__destroy");
  static final NativeFunction LINK_CREATE = function("bpf_link_create");
  static final NativeFunction ITERATOR_CREATE = function("bpf_iter_create");

  static final NativeFunction MAP_CREATE = function("bpf_map_create");
  static final NativeFunction PROGRAM_LOAD = function("bpf_prog_load");
  static final NativeFunction RAW_TRACEPOINT_OPEN = function("bpf_raw_tracepoint_open");

  static {
    if (SYMBOLS.lookup != null && SYMBOLS.missing.isEmpty()) {
      SET_PRINT.call(0);
    }
  }

  private LibBpf() {}

  /** Opens the library if nobody has; what is wrong with it is told by {@link #require}. */
  static void initialize() {
    // Calling this is what runs the initializers above.
  }

  /**
   * To be called before anything else here.
   *
   * @throws BpfException if the library is not installed or lacks a function
   */
  static void require() {
    SYMBOLS.check();
  }

  private static NativeFunction function(String symbol) {
    return SYMBOLS.function(symbol);
  }

  /**
   * The library, as far as it could be opened. A class that fails to initialise gives its reason
   * only once, so what is missing is kept and told by {@link #check}.
   */
  static final class Symbols {
    private final String library;
    private final @Nullable SymbolLookup lookup;
    private final List<String> missing = new ArrayList<>();

    private Symbols(String library, @Nullable SymbolLookup lookup) {
      this.library = library;
      this.lookup = lookup;
    }

    static Symbols open(String library) {
      try {
        return new Symbols(library, SymbolLookup.libraryLookup(library, Arena.global()));
      } catch (IllegalArgumentException absent) {
        return new Symbols(library, null);
      }
    }

    NativeFunction function(String symbol) {
      if (lookup == null) {
        return NativeFunction.absent();
      }
      Optional<NativeFunction> found = NativeFunction.find(lookup, symbol);
      if (found.isEmpty()) {
        missing.add(symbol);
      }
      return found.orElseGet(NativeFunction::absent);
    }

    void check() {
      if (lookup == null) {
        throw new BpfException(
            "opening", library, 0, "it is not installed; on Debian: apt-get install libbpf1");
      }
      if (!missing.isEmpty()) {
        throw new BpfException(
            "opening", library, 0, "it lacks " + missing + "; install libbpf 1.0 or newer");
      }
    }
  }

  /** The text at an address that libbpf returned. */
  static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Integer.MAX_VALUE).getString(0);
  }

  /** The error number of a result that is negative, or -1 with errno set; 0 if it is a success. */
  static int errno(long result) {
    int value = NativeFunction.toInt(result);
    if (value >= 0) {
      return 0;
    }
    return value == -1 ? NativeFunction.lastErrno() : -value;
  }
}
