// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one line that a client sends to a gadget pod's socket:
 *
 * <pre>
 * receive-stream TRACERID [from SEQ] [wait SECONDS]
 * dump containers|traces|all
 * liveness
 * </pre>
 *
 * The pod answers with the line {@code ok} or {@code error TEXT}. Behind {@code ok} comes what was
 * asked for.
 */
public sealed interface StreamRequest {
  /** Bytes of a request at most, its line end included. */
  int LINE_BYTES_MAX = 1024;

  /** How long a request may wait for its tracer at most, in seconds. */
  int WAIT_MAX_S = 300;

  /** The word before the number of the first line. */
  String FROM = "from";

  /** The word before the seconds of waiting. */
  String WAIT = "wait";

  /** First word of an answer with content. */
  String OK = "ok";

  /** First word of an answer that says why there is no content. */
  String ERROR = "error";

  /**
   * The lines of a tracer.
   *
   * @param tracerId whose
   * @param fromSeq number of the first wanted line; 0: the last lines and all that follow
   * @param waitS how long the tracer may take to come if it is not there yet, in seconds, {@link
   *     #WAIT_MAX_S} at most; 0: it must be there
   */
  record Receive(String tracerId, long fromSeq, int waitS) implements StreamRequest {
    /** Of a tracer that is there. */
    public Receive(String tracerId, long fromSeq) {
      this(tracerId, fromSeq, 0);
    }

    @Override
    public String line() {
      return "receive-stream "
          + tracerId
          + (fromSeq == 0 ? "" : " " + FROM + " " + fromSeq)
          + (waitS == 0 ? "" : " " + WAIT + " " + waitS);
    }
  }

  /** What the pod knows. */
  record Dump(Subject subject) implements StreamRequest {
    @Override
    public String line() {
      return "dump " + subject.word();
    }
  }

  /** Whether the pod works. */
  record Liveness() implements StreamRequest {
    @Override
    public String line() {
      return "liveness";
    }
  }

  /** What a dump tells of. */
  enum Subject {
    CONTAINERS,
    TRACES,
    ALL;

    /** Its name in a request. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The request as it is sent, without a line end. */
  String line();

  /**
   * Reads a request.
   *
   * @param line without its line end
   * @throws IllegalArgumentException if it is none; the message says what to write
   */
  static StreamRequest parse(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    return switch (words.getFirst()) {
      case "receive-stream" -> receive(words);
      case "dump" -> new Dump(subject(words));
      case "liveness" -> {
        if (words.size() > 1) {
          throw new IllegalArgumentException("reading a request: liveness stands alone");
        }
        yield new Liveness();
      }
      default ->
          throw new IllegalArgumentException(
              "reading a request: its first word is not receive-stream, dump or liveness");
    };
  }

  private static Receive receive(List<String> words) {
    long from = 0;
    int waitS = 0;
    boolean isWhole = words.size() >= 2 && words.size() % 2 == 0;
    for (int i = 2; isWhole && i < words.size(); i += 2) {
      switch (words.get(i)) {
        case FROM -> from = seq(words.get(i + 1));
        case WAIT -> waitS = waitS(words.get(i + 1));
        default -> isWhole = false;
      }
    }
    if (!isWhole) {
      throw new IllegalArgumentException(
          "reading a request: write receive-stream TRACERID [from SEQ] [wait SECONDS]");
    }
    return new Receive(tracerId(words), from, waitS);
  }

  private static String tracerId(List<String> words) {
    Matcher valid = Pattern.compile("[A-Za-z0-9._-]+").matcher(words.get(1));
    if (!valid.matches()) {
      throw new IllegalArgumentException(
          "reading a request: a tracer id has only letters, digits and . _ -");
    }
    return words.get(1);
  }

  private static long seq(String word) {
    return positive(
        word,
        Long.MAX_VALUE,
        "reading a request: SEQ is no number of a line; lines are numbered from 1");
  }

  private static int waitS(String word) {
    return (int)
        positive(
            word, WAIT_MAX_S, "reading a request: SECONDS is no number from 1 to " + WAIT_MAX_S);
  }

  private static long positive(String word, long max, String wrong) {
    long value;
    try {
      value = Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wrong, e);
    }
    if (value <= 0 || value > max) {
      throw new IllegalArgumentException(wrong);
    }
    return value;
  }

  private static Subject subject(List<String> words) {
    for (Subject subject : Subject.values()) {
      if (words.size() == 2 && subject.word().equals(words.get(1))) {
        return subject;
      }
    }
    throw new IllegalArgumentException(
        "reading a request: write dump containers, dump traces or dump all");
  }
}
