// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.trace.stream.ControlLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a log: a place in it. It takes chunk by chunk and holds only the one that it has
 * taken last; where the log has forgotten what it had not taken, it gets a line that says how much.
 *
 * <p>{@link #next} and {@link #close} are called by one thread.
 */
public final class LogReader implements AutoCloseable {
  /** What is lost on the way to a reader, as losses name their source. */
  static final String SOURCE = "stream";

  private final LineLog log;
  private final Runnable wake;

  // All of these are guarded by the log.
  private long nextChunk;
  private long nextSeq;
  private long nextMessage;
  private long missed;
  private String toldSource = "";
  private boolean isStarted;
  private boolean isIdle;
  private boolean isDone;

  LogReader(LineLog log, long nextChunk, long nextSeq, Runnable wake) {
    this.log = log;
    this.wake = wake;
    this.nextChunk = nextChunk;
    this.nextSeq = nextSeq;
    this.nextMessage = log.messagesAt(nextChunk);
  }

  /**
   * Takes what comes next: whole lines, which nobody changes.
   *
   * @return null if there is nothing at the moment, or never again ({@link #isDone})
   */
  public @Nullable ByteBuffer next() {
    synchronized (log) {
      if (!isStarted) {
        isStarted = true;
        return line(new ControlLine.Start(nextSeq, log.run()));
      }
      nextChunk = Math.max(nextChunk, log.firstChunk());
      long seq = log.seqAt(nextChunk);
      long message = log.messagesAt(nextChunk);
      if (seq > nextSeq || message > nextMessage) {
        return gap(seq, message);
      }
      Chunk chunk = log.chunkAt(nextChunk);
      if (chunk != null && chunk.hasLines() && !chunk.source().equals(toldSource)) {
        toldSource = chunk.source();
        return line(new ControlLine.Source(nextSeq, toldSource));
      }
      if (chunk != null) {
        return take(chunk);
      }
      ControlLine.End end = log.end();
      if (end != null && !isDone) {
        isDone = true;
        return line(end);
      }
      isIdle = true;
      log.trim();
      return null;
    }
  }

  private ByteBuffer take(Chunk chunk) {
    nextChunk++;
    nextMessage = chunk.endMessages();
    ByteBuffer bytes = chunk.from(nextSeq);
    nextSeq = Math.max(nextSeq, chunk.endSeq());
    return bytes;
  }

  private ByteBuffer gap(long seq, long message) {
    long lines = Math.max(0, seq - nextSeq);
    long messages = Math.max(0, message - nextMessage);
    nextSeq = Math.max(nextSeq, seq);
    nextMessage = message;
    missed += lines;
    LossReport loss = new LossReport(LossReport.Stage.CLIENT, SOURCE, lines, missed);
    return line(new ControlLine.Loss(nextSeq, loss, messages));
  }

  private static ByteBuffer line(ControlLine line) {
    return ByteBuffer.wrap((line.json() + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** True when the end was taken: nothing comes any more. */
  public boolean isDone() {
    synchronized (log) {
      return isDone;
    }
  }

  /** Number of the chunk that it takes next; called with the log locked. */
  long nextChunk() {
    return nextChunk;
  }

  /** There is something new; called with the log locked. */
  void wake() {
    if (isIdle) {
      isIdle = false;
      wake.run();
    }
  }

  /** Leaves the log. */
  @Override
  public void close() {
    log.remove(this);
  }
}
