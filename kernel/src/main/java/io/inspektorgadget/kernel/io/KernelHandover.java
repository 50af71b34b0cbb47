// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors whose closing takes long, given to the kernel to be closed. They travel in a message
 * (unix(7), SCM_RIGHTS) to a socket that only the same message still holds: no process can reach it
 * any more, so the kernel's collector of such sockets closes what is in it, on a thread of its own.
 * Kernels before 6.10 run that collector at once, in the caller; nothing is gained there and
 * nothing lost.
 *
 * <p>The owner closes its own numbers first, which returns at once, and then this. One thread at a
 * time.
 */
public final class KernelHandover implements AutoCloseable {
  /** SCM_MAX_FD of the kernel: more do not fit into one message. */
  private static final int LIMIT = 253;

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM_CLOEXEC = 1 | Libc.O_CLOEXEC;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** struct msghdr of recvmsg(2), with 64-bit words. */
  private static final int MESSAGE_SIZE_BYTES = 56;

  private static final int MESSAGE_PARTS_OFFSET = 16;
  private static final int MESSAGE_PART_COUNT_OFFSET = 24;
  private static final int MESSAGE_CONTROL_OFFSET = 32;
  private static final int MESSAGE_CONTROL_SIZE_OFFSET = 40;

  /** struct cmsghdr of cmsg(3). */
  private static final int CONTROL_HEADER_SIZE_BYTES = 16;

  private static final NativeFunction SOCKETPAIR = NativeFunction.ofLibc("socketpair");
  private static final NativeFunction SENDMSG = NativeFunction.ofLibc("sendmsg");

  private final Fd sender;
  private final Fd holder;

  private KernelHandover(Fd sender, Fd holder) {
    this.sender = sender;
    this.holder = holder;
  }

  /**
   * Takes descriptors over, beside their owner.
   *
   * @param descriptors at least one
   * @return null if the kernel did not take them: closing them then takes its time, as always
   */
  public static @Nullable KernelHandover of(int... descriptors) {
    if (descriptors.length >= LIMIT) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(JAVA_INT, 2);
      long made = SOCKETPAIR.call(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, pair.address());
      if (NativeFunction.toInt(made) != 0) {
        return null;
      }
      int sender = pair.getAtIndex(JAVA_INT, 0);
      int holder = pair.getAtIndex(JAVA_INT, 1);
      KernelHandover handover =
          new KernelHandover(
              Fd.ofResult(sender, "opening", "a socket"),
              Fd.ofResult(holder, "opening", "a socket"));
      if (!send(arena, sender, holder, descriptors)) {
        handover.close();
        return null;
      }
      return handover;
    }
  }

  /** Sends the holder to itself, and with it everything that is to end with it. */
  private static boolean send(Arena arena, int sender, int holder, int[] descriptors) {
    long controlSizeBytes =
        CONTROL_HEADER_SIZE_BYTES + (1L + descriptors.length) * JAVA_INT.byteSize();
    MemorySegment control = arena.allocate(controlSizeBytes, 8);
    control.set(JAVA_LONG, 0, controlSizeBytes);
    control.set(JAVA_INT, 8, SOL_SOCKET);
    control.set(JAVA_INT, 12, SCM_RIGHTS);
    control.set(JAVA_INT, CONTROL_HEADER_SIZE_BYTES, holder);
    for (int i = 0; i < descriptors.length; i++) {
      control.set(JAVA_INT, CONTROL_HEADER_SIZE_BYTES + (1L + i) * 4, descriptors[i]);
    }
    MemorySegment part = arena.allocate(JAVA_LONG, 2);
    part.setAtIndex(JAVA_LONG, 0, arena.allocate(1).address());
    part.setAtIndex(JAVA_LONG, 1, 1);
    MemorySegment message = arena.allocate(MESSAGE_SIZE_BYTES, 8);
    message.set(JAVA_LONG, MESSAGE_PARTS_OFFSET, part.address());
    message.set(JAVA_LONG, MESSAGE_PART_COUNT_OFFSET, 1);
    message.set(JAVA_LONG, MESSAGE_CONTROL_OFFSET, control.address());
    message.set(JAVA_LONG, MESSAGE_CONTROL_SIZE_OFFSET, controlSizeBytes);
    return SENDMSG.call(sender, message.address(), MSG_NOSIGNAL) == 1;
  }

  /** Lets go of the message; what nobody else holds any more is closed by the kernel. */
  @Override
  public void close() {
    holder.close();
    sender.close();
  }
}
