// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * One native function, called with up to six machine words and answering one.
 *
 * <p>Every function goes through a single call shape, because each further shape costs a start
 * milliseconds: integers and pointers alike travel in the first six argument registers on amd64 and
 * arm64, and a callee does not look at registers beyond its own arguments. Signed 32-bit arguments
 * are passed sign-extended. A function that answers {@code int} leaves the upper half of the word
 * undefined: narrow it with {@link #toInt}.
 *
 * <p>Thread-safe. The caller keeps alive whatever memory it passes by address.
 */
public final class NativeFunction {
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.captureCallState("errno"));

  private static final ThreadLocal<MemorySegment> CALL_STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

  private final MemorySegment address;

  private NativeFunction(MemorySegment address) {
    this.address = address;
  }

  /**
   * Looks a function up.
   *
   * @throws SystemCallException if the library has no such symbol
   */
  public static NativeFunction of(SymbolLookup library, String libraryName, String symbol) {
    return find(library, symbol)
        .orElseThrow(() ->
            new SystemCallException("resolving", symbol, 0, libraryName + " has no such function"));
  }

  /** Looks a function up; empty if the library has no such symbol. */
  public static Optional<NativeFunction> find(SymbolLookup library, String symbol) {
    return library.find(symbol).map(NativeFunction::new);
  }

  /** Stands for a function that was not found: calling it throws IllegalArgumentException. */
  public static NativeFunction absent() {
    return new NativeFunction(MemorySegment.NULL);
  }

  /** Looks a function of the C library up. */
  public static NativeFunction ofLibc(String symbol) {
    return of(Linker.nativeLinker().defaultLookup(), "libc", symbol);
  }

  /** The error number that the last call of this thread left behind. */
  public static int lastErrno() {
    return CALL_STATE.get().get(JAVA_INT, 0);
  }

  /** Calls with no argument. */
  public long call() {
    return call(0, 0, 0, 0, 0);
  }

  /** Calls with one argument. */
  public long call(long first) {
    return call(first, 0, 0, 0, 0);
  }

  /** Calls with two arguments. */
  public long call(long first, long second) {
    return call(first, second, 0, 0, 0);
  }

  /** Calls with three arguments. */
  public long call(long first, long second, long third) {
    return call(first, second, third, 0, 0);
  }

  /** Calls with four arguments. */
  public long call(long first, long second, long third, long fourth) {
    return call(first, second, third, fourth, 0);
  }

  /** Calls with five arguments. */
  public long call(long first, long second, long third, long fourth, long fifth) {
    try {
      return (long)
          CALL.invokeExact(address, CALL_STATE.get(), first, second, third, fourth, fifth, 0L);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /** Calls with up to six arguments; allocates, so not for hot paths. */
  public long callWith(long... words) {
    if (words.length > 6) {
      throw new IllegalArgumentException("calling a function with " + words.length + " words");
    }
    long[] all = Arrays.copyOf(words, 6);
    try {
      return (long)
          CALL.invokeExact(
              address, CALL_STATE.get(), all[0], all[1], all[2], all[3], all[4], all[5]);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /** The lower half of a word, as a function that returns {@code int} fills it. */
  public static int toInt(long word) {
    return (int) word;
  }

  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      return exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("calling a native function", thrown);
  }
}
