// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.kubectl.run.RunMerge.NodeLines;
import io.inspektorgadget.kubectl.run.StreamConnector.Connection;
import io.inspektorgadget.trace.client.ClusterException;
import io.inspektorgadget.trace.client.ClusterFailure;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamPosition;
import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of one node to its end, over as many connections as it takes: one that breaks
 * off is taken up again where it was, and what was missed is said. One thread runs it; {@link #cut}
 * is for any.
 */
final class NodeReader {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final long RETRY_MIN_MS = 100;
  private static final long RETRY_MAX_MS = 2_000;

  /** How long the pod may take to begin what is asked for before the Trace exists. */
  private static final int FIRST_WAIT_S = 30;

  /** How long it may take to learn why a run was stopped that this program did not stop. */
  private static final long SETTLE_MS = 1_000;

  private static final byte[] CONTROL = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);

  private final NodeState state;
  private final String tracerId;
  private final StreamConnector connector;
  private final NodeLines lines;
  private final StreamPosition position = new StreamPosition();
  private volatile @Nullable Connection connection;
  private volatile boolean isCut;
  private ControlLine.@Nullable End end;
  private boolean hasEvents;
  private boolean isBroken;
  private boolean startsOver;
  private boolean isInterrupted;

  /**
   * A reader of a node.
   *
   * @param state the node
   * @param tracerId the tracer of its Trace
   * @param lines takes what is read
   */
  NodeReader(NodeState state, String tracerId, StreamConnector connector, NodeLines lines) {
    this.state = state;
    this.tracerId = tracerId;
    this.connector = connector;
    this.lines = lines;
  }

  /** How the run on the node has ended; null if its end was not seen. */
  ControlLine.@Nullable End end() {
    return end;
  }

  /** Reads until the end, or until nothing more is wanted. */
  void run() throws InterruptedException {
    readEarly();
    long delayMs = RETRY_MIN_MS;
    while (end == null && !isCut) {
      String pod = state.awaitStream();
      if (pod == null) {
        return;
      }
      long before = position.nextSeq();
      isInterrupted = false;
      String reason = read(pod, 0);
      if (end != null || isCut || startsOver || isSettled()) {
        continue;
      }
      sayBroken(reason);
      delayMs = position.nextSeq() > before ? RETRY_MIN_MS : Math.min(2 * delayMs, RETRY_MAX_MS);
      state.awaitRetry(delayMs);
    }
  }

  /**
   * Opens the stream without waiting for the Trace to be performed, which takes as long as opening
   * it does: so no event is too early for it. If that does not work, it is opened as usual as soon
   * as the Trace says that it is started.
   */
  private void readEarly() throws InterruptedException {
    String pod = state.pod();
    if (state.isOver() || pod.isEmpty()) {
      return;
    }
    String reason = read(pod, FIRST_WAIT_S);
    boolean hasBegun = !position.run().isEmpty();
    if (hasBegun && end == null && !isCut && !isSettled()) {
      sayBroken(reason);
    }
  }

  private void sayBroken(String reason) {
    if (!isBroken) {
      isBroken = true;
      lines.warning(
          "the stream has broken off"
              + (reason.isEmpty() ? "" : " (" + reason + ")")
              + "; taking it up again");
    }
  }

  /**
   * Whoever ended the run on the node has most likely changed or deleted its Trace; if not, its pod
   * is being replaced, and the next one starts it again.
   */
  private boolean isSettled() throws InterruptedException {
    if (isInterrupted) {
      state.awaitRetry(SETTLE_MS);
    }
    return state.isOver();
  }

  /** Ends what is read now, and reads no more. */
  void cut() {
    isCut = true;
    Connection open = connection;
    if (open != null) {
      open.close();
    }
  }

  /** Reads one connection; returns why it ended without the stream's end. */
  private String read(String pod, int waitS) {
    // From the first line on: what happens before this program listens belongs to the run.
    long from = startsOver ? 1 : Math.max(1, position.nextSeq());
    startsOver = false;
    StreamRequest.Receive request = new StreamRequest.Receive(tracerId, from, waitS);
    try (Connection opened = connector.connect(pod, request)) {
      connection = opened;
      if (isCut) {
        return "";
      }
      readLines(opened.lines());
      return opened.complaint();
    } catch (IOException | ClusterException e) {
      if (ClusterFailure.isForbidden(e)) {
        state.fail(String.valueOf(e.getMessage()));
      }
      return String.valueOf(e.getMessage());
    } finally {
      connection = null;
    }
  }

  private void readLines(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int filled = 0;
    while (!startsOver) {
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * filled);
      }
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        return;
      }
      int begin = 0;
      for (int i = filled; i < filled + count && !startsOver; i++) {
        if (buffer[i] == '\n') {
          line(buffer, begin, i);
          begin = i + 1;
        }
      }
      filled = filled + count - begin;
      System.arraycopy(buffer, begin, buffer, 0, filled);
      lines.pause();
    }
  }

  private void line(byte[] bytes, int from, int end) {
    if (from == end) {
      return;
    }
    if (isControl(bytes, from, end)) {
      Optional<ControlLine> control =
          ControlLine.parse(new String(bytes, from, end - from, StandardCharsets.UTF_8));
      if (control.isPresent()) {
        control(control.get());
        return;
      }
    }
    position.line();
    lines.event(bytes, from, end);
    if (!hasEvents) {
      hasEvents = true;
      state.heard();
    }
  }

  private static boolean isControl(byte[] bytes, int from, int end) {
    return end - from > CONTROL.length
        && Arrays.equals(bytes, from, from + CONTROL.length, CONTROL, 0, CONTROL.length);
  }

  private void control(ControlLine control) {
    if (control instanceof ControlLine.Start start) {
      started(start);
      return;
    }
    if (position.run().isEmpty()) {
      // The pod has not begun it in time; whether it still does, the Trace tells.
      return;
    }
    boolean byOthers =
        control instanceof ControlLine.End over && over.cause() == ControlLine.Cause.STOPPED;
    if (byOthers && !state.isStopping()) {
      isInterrupted = true;
      return;
    }
    long missed = position.control(control);
    switch (control) {
      case ControlLine.Loss loss -> lines.loss(loss.loss());
      case ControlLine.Warning warning -> lines.warning(warning.message());
      case ControlLine.Source source -> lines.source(source.name());
      case ControlLine.End over -> {
        end = over;
        sayMissed(missed);
      }
      default -> sayMissed(missed);
    }
  }

  private void started(ControlLine.Start start) {
    boolean isAnother = !position.run().isEmpty() && !start.run().equals(position.run());
    if (isAnother && start.seq() > 1) {
      // Asked for by the number of another run, it left lines of this one out: ask once more.
      startsOver = true;
      return;
    }
    if (isAnother) {
      lines.warning(
          "the gadget was started again, as its pod was restarted; what happened meanwhile was"
              + " not seen");
    }
    isBroken = false;
    state.read();
    sayMissed(position.control(start));
  }

  private void sayMissed(long missed) {
    if (missed > 0) {
      lines.warning(
          (missed == 1 ? "1 event was" : missed + " events were")
              + " missed while the stream was broken off");
    }
  }
}
