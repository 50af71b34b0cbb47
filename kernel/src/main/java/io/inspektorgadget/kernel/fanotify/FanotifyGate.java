// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import io.inspektorgadget.kernel.fanotify.GateOrders.Kind;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.SystemCallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fanotify group that holds the execution of marked binaries and the opening of marked
 * directories, until it is told to let each go on, but never longer than 200 ms.
 *
 * <p>The group belongs to a process of its own ({@code fanotify-gate.c}). When that process or this
 * one ends, however it does, nothing is held any more. Two threads belong to a gate: one reads what
 * it reports, the other ends a gate that does not answer for two seconds, because only a stopped
 * gate could hold for longer.
 *
 * <p>Thread-safe; orders take effect in the order in which they are given. Closed by who opened it.
 */
public final class FanotifyGate implements AutoCloseable {
  private static final long PING_INTERVAL_NS = 500_000_000;
  private static final int PINGS_UNANSWERED_MAX = 4;
  private static final long END_LIMIT_MS = 500;

  private final Process process;
  private final GateOrders orders;
  private final GateListener listener;
  private final Thread reader = new Thread(this::read, "fanotify-gate");
  private final Thread guard = new Thread(this::guard, "fanotify-guard");
  private final AtomicInteger lastOrder = new AtomicInteger();
  private final Map<Integer, Path> unanswered = new ConcurrentHashMap<>();
  private volatile int pongs;
  private volatile long late;
  private volatile boolean wasStuck;
  private volatile boolean closed;
  private volatile String refusal = "";

  private FanotifyGate(Process process, GateListener listener) {
    this.process = process;
    this.orders = new GateOrders(process.getOutputStream());
    this.listener = listener;
  }

  /**
   * Starts a gate, without marks. Whether there can be one is told to the listener.
   *
   * @throws SystemCallException if the gate's program cannot be started here
   */
  public static FanotifyGate open(GateListener listener) {
    FanotifyGate gate = new FanotifyGate(GateProgram.start(), listener);
    for (Thread thread : new Thread[] {gate.reader, gate.guard}) {
      thread.setDaemon(true);
      thread.start();
    }
    return gate;
  }

  /** The gate's process. */
  public long pid() {
    return process.pid();
  }

  /** How many events the gate has let go on itself, no answer having come in time; only grows. */
  public long late() {
    return late;
  }

  /**
   * From the answer on, whoever executes this file is held. The listener is told. Given with the
   * next order.
   */
  public void markExec(Path binary) {
    sendPath(Kind.MARK_EXEC, binary);
  }

  /**
   * From the answer on, whoever opens this directory is held. The listener is told. Given with the
   * next order.
   */
  public void markOpen(Path directory) {
    sendPath(Kind.MARK_OPEN, directory);
  }

  /** Takes the mark of a binary away; nothing is told of one that is gone. */
  public void unmarkExec(Path binary) {
    orders.later(Kind.UNMARK_EXEC, 0, binary.toString());
    orders.flush();
  }

  /** Takes the mark of a directory away; nothing is told of one that is gone. */
  public void unmarkOpen(Path directory) {
    orders.later(Kind.UNMARK_OPEN, 0, directory.toString());
    orders.flush();
  }

  /**
   * Takes the mark away of what a held thread is opening or executing. Given with the next order.
   */
  public void unmark(HeldEvent event) {
    orders.later(Kind.UNMARK_HELD, event.number(), "");
  }

  /** Tells the listener when something new lies in this folder. */
  public void watchFolder(Path folder) {
    sendPath(Kind.WATCH_FOLDER, folder);
    orders.flush();
  }

  /**
   * From now on the process that is held at an execution, and its children, execute the same file
   * again unheld: nothing more is to be learned from that. The last 64 such processes are
   * remembered, for as long as they live. Given with the next order.
   */
  public void follow(HeldEvent event) {
    orders.later(Kind.FOLLOW, event.number(), "");
  }

  /** Lets a thread go on. Late answers and second ones do nothing. */
  public void allow(HeldEvent event) {
    orders.send(Kind.ALLOW, event.number());
  }

  /** Gives the orders that wait for the next one. */
  public void flush() {
    orders.flush();
  }

  private void sendPath(Kind kind, Path path) {
    int number = lastOrder.incrementAndGet();
    unanswered.put(number, path);
    if (!orders.later(kind, number, path.toString())) {
      unanswered.remove(number);
      listener.refused(path, "marking " + path + ": ENAMETOOLONG");
    }
  }

  private void read() {
    try (InputStream reports = process.getInputStream()) {
      byte[] bytes = reports.readNBytes(GateReport.SIZE_BYTES);
      while (bytes.length == GateReport.SIZE_BYTES) {
        take(GateReport.parse(bytes));
        bytes = reports.readNBytes(GateReport.SIZE_BYTES);
      }
    } catch (IOException e) {
      // A broken pipe is the end of the gate, as the end of its reports is.
      refusal = refusal.isEmpty() ? String.valueOf(e.getMessage()) : refusal;
    }
    if (!closed) {
      listener.ended(endText());
    }
    LockSupport.unpark(guard);
  }

  private String endText() {
    if (!refusal.isEmpty()) {
      return refusal;
    }
    return wasStuck
        ? "holding starts: the gate did not answer for two seconds and was ended"
        : "holding starts: the gate's process " + process.pid() + " has ended";
  }

  private void take(GateReport report) {
    if (report.late() > late) {
      late = report.late();
      listener.late();
    }
    switch (report.kind()) {
      case GateReport.READY -> {
        if (report.errno() == 0) {
          listener.opened(this);
        } else {
          refusal = refusalText(report.errno());
        }
      }
      case GateReport.EXEC -> held(report, HeldEvent.Kind.EXEC);
      case GateReport.OPEN -> held(report, HeldEvent.Kind.OPEN_DIRECTORY);
      case GateReport.DONE -> done(report);
      case GateReport.CHANGED -> listener.folderChanged(this);
      case GateReport.PONG -> pongs = report.number();
      default -> throw new IllegalStateException("reading a gate's report: kind " + report.kind());
    }
  }

  private static String refusalText(int errno) {
    String detail =
        switch (errno) {
          case Errno.EPERM -> "needs CAP_SYS_ADMIN in the initial user namespace";
          case Errno.EMFILE -> "this user has too many fanotify groups: fanotify.max_user_groups";
          case Errno.ENOSYS -> "this kernel was built without fanotify";
          case Errno.EINVAL -> "this kernel was built without fanotify's permission events";
          default -> "";
        };
    return text(new SystemCallException("holding", "starts with fanotify", errno, detail));
  }

  private static String text(SystemCallException refused) {
    return String.valueOf(refused.getMessage());
  }

  private void held(GateReport report, HeldEvent.Kind kind) {
    HeldEvent event = new HeldEvent(report.number(), kind, report.thread(), report.file());
    listener.held(this, event);
  }

  private void done(GateReport report) {
    Path path = unanswered.remove(report.number());
    if (path == null) {
      return;
    }
    if (report.errno() == 0) {
      listener.marked(path);
    } else {
      listener.refused(
          path, text(new SystemCallException("marking", path.toString(), report.errno(), "")));
    }
  }

  /**
   * Only turns in which this process runs count: if it was stopped, the gate has not been silent.
   */
  private void guard() {
    int pings = 0;
    int silentTurns = 0;
    while (!closed && process.isAlive()) {
      if (pongs == pings && orders.sendUnlessBusy(Kind.PING, pings + 1)) {
        silentTurns = 0;
        pings++;
      } else if (++silentTurns >= PINGS_UNANSWERED_MAX) {
        wasStuck = true;
        process.destroyForcibly();
        return;
      }
      LockSupport.parkNanos(PING_INTERVAL_NS);
    }
  }

  /** Ends the gate: what is held goes on, and every mark is gone. Closing twice is fine. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    LockSupport.unpark(guard);
    boolean interrupted = false;
    try {
      // The end of its orders is the gate's own end, unless it is stopped.
      if (!orders.end(END_LIMIT_MS) || !process.waitFor(END_LIMIT_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      guard.join();
      reader.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
