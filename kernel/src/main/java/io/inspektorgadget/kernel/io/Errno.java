// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/** The error numbers of Linux: the generic table, which amd64 and arm64 share. */
public final class Errno {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file, entry or program. */
  public static final int ENOENT = 2;

  /** No such process. */
  public static final int ESRCH = 3;

  /** A path or name that is longer than any. */
  public static final int ENAMETOOLONG = 36;

  /** A signal came in between. */
  public static final int EINTR = 4;

  /** Not an open file descriptor. */
  public static final int EBADF = 9;

  /** More than there is room for. */
  public static final int E2BIG = 7;

  /** Nothing there yet. */
  public static final int EAGAIN = 11;

  /** Permission denied, also by the verifier. */
  public static final int EACCES = 13;

  /** No such device, or file system type. */
  public static final int ENODEV = 19;

  /** In use. */
  public static final int EBUSY = 16;

  /** Exists already. */
  public static final int EEXIST = 17;

  /** An argument that the kernel does not take. */
  public static final int EINVAL = 22;

  /** Too many open files on the whole machine. */
  public static final int ENFILE = 23;

  /** Too many open files. */
  public static final int EMFILE = 24;

  /** No room left. */
  public static final int ENOSPC = 28;

  /** A system call that this kernel lacks. */
  public static final int ENOSYS = 38;

  /** Not supported. */
  public static final int EOPNOTSUPP = 95;

  /** Internal to the kernel (ENOTSUPP), but bpf(2) lets it out: not supported. */
  public static final int ENOTSUPP = 524;

  private Errno() {}

  /**
   * The symbol of an error number.
   *
   * @param errno positive, or negative as the kernel returns it
   * @return {@code ENOENT}; {@code errno 4000} for a number without a symbol
   */
  public static String name(int errno) {
    int number = Math.abs(errno);
    if (number == ENOTSUPP) {
      return "ENOTSUPP";
    }
    String[] names = Names.BY_NUMBER;
    boolean known = number < names.length && !names[number].equals("-");
    return known ? names[number] : "errno " + number;
  }

  /** Split up on first use: the good path never asks for a name. */
  private static final class Names {
    static final String[] BY_NUMBER =
        """
          - EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES
          EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY
          ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK
          ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH
          ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME
          ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG
          EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ
          ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
          EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE
          EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN
          ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY
          EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM
          EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD
          ENOTRECOVERABLE ERFKILL EHWPOISON
        """
            .trim()
            .split("\\s+");
  }
}
