// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.MappedMemory;
import io.inspektorgadget.kernel.io.NativeFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Finds out why an object did not load: loads a copy of it once more and listens to libbpf, whose
 * messages hold the verifier's log. So the good path pays neither for logs nor for an upcall.
 */
final class LoadDiagnosis {
  /** libbpf gives the kernel up to 16 MiB for one program's log; only touched pages cost memory. */
  private static final long MESSAGE_LIMIT_BYTES = 64L << 20;

  private static final long TEXT_LIMIT_CHARS = 64L << 20;
  private static final int LEVEL_INFO = 1;
  private static final NativeFunction FORMAT =
      NativeFunction.of(Linker.nativeLinker().defaultLookup(), "libc", "vsnprintf");
  private static final Object PRINT_LOCK = new Object();

  private final Thread listener = Thread.currentThread();
  private final StringBuilder text = new StringBuilder();
  private final MemorySegment message;

  private LoadDiagnosis(MemorySegment message) {
    this.message = message;
  }

  /** The exception for an object whose load ended with an error number. */
  static BpfException of(BpfObject object, int errno) {
    VerifierLog log = VerifierLog.of(messagesOfSecondLoad(object));
    if (log.isVerifier()) {
      return new VerifierException(object.name(), errno, log);
    }
    return new BpfException("loading", object.name(), errno, detail(errno, log));
  }

  private static String detail(int errno, VerifierLog log) {
    if (errno == Errno.EPERM) {
      return "needs root, or the capabilities BPF, PERFMON and SYS_RESOURCE";
    }
    return log.summary();
  }

  private static String messagesOfSecondLoad(BpfObject object) {
    // libbpf has one print function for the whole process.
    synchronized (PRINT_LOCK) {
      try (MappedMemory memory = MappedMemory.ofZeroes(MESSAGE_LIMIT_BYTES, "libbpf's messages");
          Arena arena = Arena.ofShared()) {
        LoadDiagnosis diagnosis = new LoadDiagnosis(memory.segment());
        LibBpf.SET_PRINT.call(diagnosis.printFunction(arena).address());
        try (BpfObject again = object.reopen()) {
          again.tryLoad();
        } finally {
          LibBpf.SET_PRINT.call(0);
        }
        return diagnosis.text.toString();
      }
    }
  }

  private MemorySegment printFunction(Arena arena) {
    MethodHandle print;
    try {
      MethodType type = MethodType.methodType(int.class, int.class, long.class, long.class);
      print = MethodHandles.lookup().bind(this, "print", type);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("binding the print function", impossible);
    }
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    return Linker.nativeLinker().upcallStub(print, shape, arena);
  }

  /** Called by libbpf. On amd64 and arm64 a va_list is passed by its address. */
  @SuppressWarnings("UnusedMethod") // Bound by name above.
  private int print(int level, long format, long arguments) {
    if (level > LEVEL_INFO || Thread.currentThread() != listener) {
      return 0;
    }
    long capacity = message.byteSize();
    int length = NativeFunction.toInt(FORMAT.call(message.address(), capacity, format, arguments));
    if (length > 0 && text.length() + (long) length < TEXT_LIMIT_CHARS) {
      text.append(message.getString(0));
    }
    return length;
  }
}
