// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whole lines as they lie in a log: lines of events, or one control line. Immutable; the bytes are
 * never changed by anybody.
 */
final class Chunk {
  private final byte[] bytes;
  private final long firstSeq;
  private final int lines;
  private final long messages;
  private final String source;

  private Chunk(byte[] bytes, long firstSeq, int lines, long messages, String source) {
    this.bytes = bytes;
    this.firstSeq = firstSeq;
    this.lines = lines;
    this.messages = messages;
    this.source = source;
  }

  /**
   * Lines of events, at least one.
   *
   * @param bytes the lines with their line ends; they are the chunk's from now on
   * @param firstSeq number of the first one
   * @param messages how many control lines the log has taken before
   * @param source the data source of all of them; empty if the gadget has only one
   */
  static Chunk ofLines(byte[] bytes, long firstSeq, long messages, String source) {
    int lines = 0;
    for (byte b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
    return new Chunk(bytes, firstSeq, lines, messages, source);
  }

  /**
   * A control line.
   *
   * @param line without its line end; ASCII
   * @param nextSeq number of the next line of events
   * @param messages how many control lines the log has taken before
   */
  static Chunk ofMessage(String line, long nextSeq, long messages) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    return new Chunk(bytes, nextSeq, 0, messages, "");
  }

  /** Number of the first line of events; of a control line that of the next one. */
  long firstSeq() {
    return firstSeq;
  }

  /** Number of the first line behind it. */
  long endSeq() {
    return firstSeq + lines;
  }

  /** True for lines of events. */
  boolean hasLines() {
    return lines > 0;
  }

  /** How many control lines the log had taken before. */
  long messages() {
    return messages;
  }

  /** How many control lines the log had taken when it was there. */
  long endMessages() {
    return messages + (lines == 0 ? 1 : 0);
  }

  /** The data source of its lines of events; empty if that need not be said. */
  String source() {
    return source;
  }

  int sizeBytes() {
    return bytes.length;
  }

  /** Its bytes from the line of that number on, which must be in this chunk. */
  ByteBuffer from(long seq) {
    int offset = 0;
    for (long line = firstSeq; lines > 0 && line < seq; line++) {
      while (bytes[offset] != '\n') {
        offset++;
      }
      offset++;
    }
    return ByteBuffer.wrap(bytes, offset, bytes.length - offset);
  }

  /** Its last line, without the line end. */
  String lastLine() {
    int end = bytes.length - 1;
    int offset = end;
    while (offset > 0 && bytes[offset - 1] != '\n') {
      offset--;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }
}
