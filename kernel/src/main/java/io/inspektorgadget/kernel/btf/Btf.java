// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfSection;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The types of one BTF section. Types are decoded when they are asked for: of the kernel's 150,000
 * a run looks at a handful. Immutable; safe for concurrent use.
 */
public final class Btf {
  /** Where the running kernel shows its own types. */
  public static final Path KERNEL_PATH = Path.of("/sys/kernel/btf/vmlinux");

  private static final ValueLayout.OfInt INT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAGIC = 0xeb9f;
  private static final int MAGIC_BIG_ENDIAN = 0x9feb;
  private static final int HEADER_BYTES_MIN = 24;
  private static final int DEPTH_MAX = 32;
  private static final int POINTER_BYTES = 8;

  private final BtfDecoder decoder;
  private final int[] offsets;

  private Btf(BtfDecoder decoder) {
    this.decoder = decoder;
    this.offsets = index(decoder);
  }

  /**
   * The types of an object that clang made.
   *
   * @param name what errors call the object
   * @throws io.inspektorgadget.kernel.elf.ElfException if it is no ELF file that can be read
   * @throws BtfException if it has no BTF, or BTF that contradicts itself
   */
  public static Btf ofObject(String name, byte[] elf) {
    return ofObject(ElfFile.of(name, elf));
  }

  /** The types of an object that was read already; see {@link #ofObject(String, byte[])}. */
  public static Btf ofObject(ElfFile elf) {
    ElfSection section = elf.section(".BTF");
    if (section == null) {
      throw new BtfException(elf.name(), "it has no section .BTF; compile it with clang -g");
    }
    Btf btf = parse(elf.name(), elf.contents(section));
    btf.check();
    return btf;
  }

  /**
   * The types of the running kernel; reads {@link #KERNEL_PATH} anew each time.
   *
   * @throws BtfException if the kernel was built without BTF, or it cannot be read
   */
  public static Btf ofKernel() {
    return ofKernel(KERNEL_PATH);
  }

  /** The types of a kernel that shows them at that path; see {@link #ofKernel()}. */
  public static Btf ofKernel(Path path) {
    try {
      return parse("the running kernel", MemorySegment.ofArray(Files.readAllBytes(path)));
    } catch (IOException e) {
      throw new BtfException(
          "the running kernel",
          path + " cannot be read; a kernel built with CONFIG_DEBUG_INFO_BTF is needed",
          e);
    }
  }

  /**
   * Reads the bytes of a {@code .BTF} section ({@code struct btf_header} and what follows it).
   *
   * @param name what errors call the object
   * @throws BtfException if they are no BTF, big-endian, cut off or of a kind that is not known
   */
  public static Btf parse(String name, MemorySegment section) {
    if (section.byteSize() < HEADER_BYTES_MIN) {
      throw new BtfException(name, "it is cut off after " + section.byteSize() + " bytes");
    }
    int magic = section.get(INT32, 0) & 0xffff;
    if (magic == MAGIC_BIG_ENDIAN) {
      throw new BtfException(name, "it is big-endian; compile the object for bpfel");
    }
    if (magic != MAGIC) {
      throw new BtfException(name, "it begins with " + Integer.toHexString(magic) + ", not eb9f");
    }
    long headerBytes = Integer.toUnsignedLong(section.get(INT32, 4));
    MemorySegment types = part(name, section, headerBytes, 8);
    MemorySegment strings = part(name, section, headerBytes, 16);
    return new Btf(new BtfDecoder(name, types, strings));
  }

  private static MemorySegment part(
      String name, MemorySegment section, long headerBytes, int headerOffset) {
    long offset = headerBytes + Integer.toUnsignedLong(section.get(INT32, headerOffset));
    long size = Integer.toUnsignedLong(section.get(INT32, headerOffset + 4));
    if (offset > section.byteSize() || size > section.byteSize() - offset) {
      throw new BtfException(
          name,
          "a part of "
              + size
              + " bytes lies at "
              + offset
              + ", but it has "
              + section.byteSize()
              + " bytes");
    }
    return section.asSlice(offset, size);
  }

  private static int[] index(BtfDecoder decoder) {
    int[] offsets = new int[1024];
    int count = 1;
    long at = 0;
    while (at < decoder.typesBytes()) {
      if (at > Integer.MAX_VALUE) {
        throw decoder.failure("it has more than 2 GiB of types");
      }
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
      }
      offsets[count++] = (int) at;
      at = decoder.next(at);
    }
    return Arrays.copyOf(offsets, count);
  }

  /** Number of ids, id 0 (no type) included. */
  public int count() {
    return offsets.length;
  }

  /**
   * The type of an id.
   *
   * @throws BtfException if there is no such id, or the type contradicts itself
   */
  public BtfType type(int id) {
    if (id == 0) {
      return new BtfType.None();
    }
    checkId(id);
    return decoder.decode(offsets[id]);
  }

  /** Id of the first type of that kind and name; 0 if there is none. */
  public <T extends BtfType> int idOf(Class<T> kind, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    for (int id = 1; id < offsets.length; id++) {
      if (decoder.nameEquals(offsets[id], wanted) && kind.isInstance(type(id))) {
        return id;
      }
    }
    return 0;
  }

  /** The first type of that kind and name, or null. */
  public <T extends BtfType> @Nullable T find(Class<T> kind, String name) {
    int id = idOf(kind, name);
    return id == 0 ? null : kind.cast(type(id));
  }

  /**
   * The type behind all typedefs, qualifiers and tags.
   *
   * @throws BtfException if it is never reached (a typedef of itself)
   */
  public BtfType resolve(int id) {
    return type(resolvedId(id));
  }

  /** Id of the type behind all typedefs, qualifiers and tags; see {@link #resolve(int)}. */
  public int resolvedId(int id) {
    int current = id;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      int target = targetOf(type(current));
      if (target < 0) {
        return current;
      }
      current = target;
    }
    throw decoder.failure("the type " + id + " is more than " + DEPTH_MAX + " names deep");
  }

  /** What a typedef, qualifier or tag stands for; -1 for other types. */
  public static int targetOf(BtfType type) {
    if (type instanceof BtfType.Typedef t) {
      return t.target();
    } else if (type instanceof BtfType.Volatile t) {
      return t.target();
    } else if (type instanceof BtfType.Const t) {
      return t.target();
    } else if (type instanceof BtfType.Restrict t) {
      return t.target();
    } else if (type instanceof BtfType.TypeTag t) {
      return t.target();
    }
    return -1;
  }

  /**
   * Size of a value of the type, in bytes; 0 for void, functions and undefined types.
   *
   * @throws BtfException if it has none (an array of itself, more than 2 GiB)
   */
  public int sizeBytes(int id) {
    long elements = 1;
    int current = id;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      BtfType type = resolve(current);
      if (type instanceof BtfType.Array array) {
        elements *= array.count();
        if (elements > Integer.MAX_VALUE) {
          throw decoder.failure("the array " + id + " is larger than 2 GiB");
        }
        current = array.element();
        continue;
      }
      long size = elements * ownSize(type);
      if (size > Integer.MAX_VALUE) {
        throw decoder.failure("the type " + id + " is larger than 2 GiB");
      }
      return (int) size;
    }
    throw decoder.failure("the array " + id + " has more than " + DEPTH_MAX + " dimensions");
  }

  private static int ownSize(BtfType type) {
    if (type instanceof BtfType.Int t) {
      return t.sizeBytes();
    } else if (type instanceof BtfType.Ptr) {
      return POINTER_BYTES;
    } else if (type instanceof BtfType.Struct t) {
      return t.sizeBytes();
    } else if (type instanceof BtfType.Enumeration t) {
      return t.sizeBytes();
    } else if (type instanceof BtfType.FloatType t) {
      return t.sizeBytes();
    } else if (type instanceof BtfType.Datasec t) {
      return t.sizeBytes();
    }
    return 0;
  }

  private void checkId(int id) {
    if (id < 0 || id >= offsets.length) {
      throw decoder.failure(
          "it refers to the type "
              + Integer.toUnsignedString(id)
              + ", but has "
              + offsets.length
              + " types");
    }
  }

  /**
   * Decodes everything once, so that a foreign object is refused before it is used. This runs at
   * every start: a switch over types would cost it the JVM's making of the switch, several ms.
   */
  private void check() {
    for (int id = 1; id < offsets.length; id++) {
      BtfType type = type(id);
      if (targetOf(type) >= 0) {
        resolvedId(id);
      } else if (type instanceof BtfType.Ptr t) {
        checkId(t.target());
      } else if (type instanceof BtfType.Array t) {
        checkId(t.element());
      } else if (type instanceof BtfType.Struct t) {
        for (BtfType.Member member : t.members()) {
          checkId(member.type());
        }
      } else if (type instanceof BtfType.Func t) {
        checkId(t.prototype());
      } else if (type instanceof BtfType.FuncProto t) {
        checkId(t.returnType());
        for (BtfType.Parameter parameter : t.parameters()) {
          checkId(parameter.type());
        }
      } else if (type instanceof BtfType.Var t) {
        checkId(t.type());
      } else if (type instanceof BtfType.Datasec t) {
        for (BtfType.Place place : t.places()) {
          checkId(place.variable());
        }
      } else if (type instanceof BtfType.DeclTag t) {
        checkId(t.target());
      }
    }
  }
}
