// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.trace.stream.ControlLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one run, for any number of readers. It keeps the last lines for those who come late,
 * and what readers have not taken yet, up to a limit in bytes: whoever is slower than that loses
 * lines, which are counted. For a while after its beginning, and after a reader has gone, it keeps
 * up to that limit everything: a reader that is on its way, or whose connection has broken off,
 * loses nothing.
 *
 * <p>Safe for concurrent use. One thread writes, the run's event loop; it never waits for a reader,
 * only for the moment in which another thread takes a chunk.
 */
public final class LineLog {

  /**
   * How much a log keeps.
   *
   * @param backlogLines lines for a reader that comes late
   * @param sizeMaxBytes bytes at most, unless a single chunk is larger
   * @param recallMs how long everything is kept for a reader that is not there (yet), in
   *     milliseconds
   */
  public record Limits(int backlogLines, long sizeMaxBytes, long recallMs) {
    /** A hundred lines, two MiB for readers that are behind, ten seconds for them to come. */
    public static final Limits USUAL = new Limits(100, 2 << 20, 10_000);
  }

  private final String run;
  private final Limits limits;
  private final List<LogReader> readers = new ArrayList<>();

  /** A ring of chunks: number n lies at n modulo its length, which is a power of two. */
  private @Nullable Chunk[] chunks = new @Nullable Chunk[16];

  private long firstChunk;
  private long endChunk;
  private long sizeBytes;
  private long nextSeq = 1;
  private long messages;
  private long lost;
  private ControlLine.@Nullable End end;
  private long recalledUntilNs;

  /**
   * An empty log.
   *
   * @param run a text that no other run has
   * @param limits how much it keeps
   */
  public LineLog(String run, Limits limits) {
    this.run = run;
    this.limits = limits;
    recall();
  }

  private void recall() {
    recalledUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.recallMs());
  }

  /** Takes whole lines of a run with one data source. */
  public void append(byte[] bytes, int offset, int length) {
    append(bytes, offset, length, "");
  }

  /**
   * Takes whole lines, the line end of the last one included. Nothing is taken after the end.
   *
   * @param source the data source of all of them; empty if the gadget has only one
   */
  public void append(byte[] bytes, int offset, int length, String source) {
    byte[] lines = Arrays.copyOfRange(bytes, offset, offset + length);
    synchronized (this) {
      if (end == null && length > 0) {
        add(Chunk.ofLines(lines, nextSeq, messages, source));
      }
    }
  }

  /** Tells all readers that events were lost on their way to this log. */
  public synchronized void loss(LossReport loss) {
    lost += loss.count();
    message(new ControlLine.Loss(nextSeq, loss, 0));
  }

  /** Tells all readers something that they should know. */
  public synchronized void warning(String message) {
    message(new ControlLine.Warning(nextSeq, message));
  }

  /** Ends the log: readers get what they have not read yet, and then the end. */
  public synchronized void end(EndCause cause) {
    if (end == null) {
      String message = cause instanceof EndCause.Failed failed ? text(failed.cause()) : "";
      end = new ControlLine.End(nextSeq, ControlLine.Cause.of(cause), message, lost);
      wakeReaders();
    }
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.toString() : message;
  }

  private void message(ControlLine line) {
    if (end == null) {
      add(Chunk.ofMessage(line.json(), nextSeq, messages++));
    }
  }

  private void add(Chunk chunk) {
    if (endChunk - firstChunk == chunks.length) {
      grow();
    }
    chunks[slot(endChunk++)] = chunk;
    sizeBytes += chunk.sizeBytes();
    nextSeq = chunk.endSeq();
    trim();
    wakeReaders();
  }

  private void grow() {
    @Nullable Chunk[] larger = new @Nullable Chunk[chunks.length * 2];
    for (long number = firstChunk; number < endChunk; number++) {
      larger[(int) (number & (larger.length - 1))] = chunks[slot(number)];
    }
    chunks = larger;
  }

  private int slot(long number) {
    return (int) (number & (chunks.length - 1));
  }

  /** The chunk of that number, which must be there. */
  private Chunk chunk(long number) {
    Chunk chunk = chunks[slot(number)];
    if (number < firstChunk || number >= endChunk || chunk == null) {
      throw new IndexOutOfBoundsException(
          "taking chunk " + number + " of those from " + firstChunk + " to " + endChunk);
    }
    return chunk;
  }

  /** Forgets what nobody needs, and beyond the limit what somebody needs. */
  synchronized void trim() {
    boolean isRecalled = System.nanoTime() - recalledUntilNs < 0;
    long needed = isRecalled ? firstChunk : endChunk;
    for (LogReader reader : readers) {
      needed = Math.min(needed, reader.nextChunk());
    }
    while (endChunk - firstChunk > 1) {
      boolean isSpare =
          firstChunk < needed && nextSeq - chunk(firstChunk).endSeq() >= limits.backlogLines();
      if (!isSpare && sizeBytes <= limits.sizeMaxBytes()) {
        return;
      }
      sizeBytes -= chunk(firstChunk).sizeBytes();
      chunks[slot(firstChunk++)] = null;
    }
  }

  private void wakeReaders() {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).wake();
    }
  }

  /**
   * A new reader.
   *
   * @param fromSeq number of the first line that it wants; 0, or one that has not been reached: the
   *     last lines
   * @param wake called, by any thread, when there is something new and the reader had taken all; it
   *     must not wait
   * @return closed by the caller
   */
  public synchronized LogReader reader(long fromSeq, Runnable wake) {
    long seq = fromSeq;
    if (fromSeq <= 0 || fromSeq > nextSeq) {
      seq = Math.max(seqAt(firstChunk), nextSeq - limits.backlogLines());
    }
    long number = firstChunk;
    while (number < endChunk && isBefore(chunk(number), seq)) {
      number++;
    }
    LogReader reader = new LogReader(this, number, seq, wake);
    readers.add(reader);
    return reader;
  }

  /** Control lines in front of the line are not before it: whoever goes on may not have them. */
  private static boolean isBefore(Chunk chunk, long seq) {
    return chunk.endSeq() < seq || (chunk.hasLines() && chunk.endSeq() == seq);
  }

  /** Number of the oldest chunk. A reader calls this and the following with the log locked. */
  long firstChunk() {
    return firstChunk;
  }

  /** The chunk of that number, which is not gone; null if it has not been written. */
  @Nullable Chunk chunkAt(long number) {
    return number < endChunk ? chunk(number) : null;
  }

  /** Number of the line with which a chunk begins, also of the chunk that is written next. */
  long seqAt(long number) {
    return number < endChunk ? chunk(number).firstSeq() : nextSeq;
  }

  /** How many control lines there were before a chunk. */
  long messagesAt(long number) {
    return number < endChunk ? chunk(number).messages() : messages;
  }

  synchronized void remove(LogReader reader) {
    readers.remove(reader);
    recall();
    trim();
  }

  /** What identifies the run. */
  public String run() {
    return run;
  }

  /** How many lines of events it has taken. */
  public synchronized long lines() {
    return nextSeq - 1;
  }

  /** How many events were lost before they came here. */
  public synchronized long lost() {
    return lost;
  }

  /** How many readers there are. */
  public synchronized int readers() {
    return readers.size();
  }

  /** How many bytes of lines it holds. */
  public synchronized long sizeBytes() {
    return sizeBytes;
  }

  /** How it ended; null while it goes on. */
  ControlLine.@Nullable End end() {
    return end;
  }

  /** Its last line of events, without the line end; empty if there is none. */
  public synchronized String lastLine() {
    for (long number = endChunk - 1; number >= firstChunk; number--) {
      if (chunk(number).hasLines()) {
        return chunk(number).lastLine();
      }
    }
    return "";
  }
}
