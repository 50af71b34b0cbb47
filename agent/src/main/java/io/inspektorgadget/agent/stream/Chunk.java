// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

/**
 * Whole lines as they lie in a log: lines of events, or one control line. The bytes are never
 * changed.
 *
 * @param bytes the lines, line ends included
 * @param firstSeq number of the first line of events; of a control line that of the next one
 * @param lines how many lines of events
 * @param messages how many control lines the log had taken before
 */
record Chunk(byte[] bytes, long firstSeq, int lines, long messages) {

  static Chunk ofLines(byte[] bytes, long firstSeq, long messages) {
    int lines = 0;
    for (byte b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
    return new Chunk(bytes, firstSeq, lines, messages);
  }

  /** Number of the first line behind it. */
  long endSeq() {
    return firstSeq + lines;
  }

  /** Where the line of that number begins; it must be in this chunk. */
  int offsetOf(long seq) {
    int offset = 0;
    for (long line = firstSeq; line < seq; line++) {
      while (bytes[offset] != '\n') {
        offset++;
      }
      offset++;
    }
    return offset;
  }

  /** Where the last line begins. */
  int lastLineOffset() {
    int offset = bytes.length - 1;
    while (offset > 0 && bytes[offset - 1] != '\n') {
      offset--;
    }
    return offset;
  }
}
