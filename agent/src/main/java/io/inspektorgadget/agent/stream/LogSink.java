// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.MessageSink;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.trace.stream.StreamedSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run into a log, each event as {@code -o json} prints it, and of gadgets with several
 * data sources which one each is of. Single thread: the run's event loop.
 */
public final class LogSink implements EventSink {
  /** A line that is longer is given up: the memory of a pod is bounded. */
  static final int LINE_BYTES_MAX = 8 << 20;

  private static final int BEGUN_BYTES = 256;
  private static final int BEGUN_KEPT_BYTES = 256 << 10;

  private final LineLog log;
  private final Lines lines;
  private final EventPrinter printer;
  private final boolean namesSources;
  private @Nullable DataSource current;

  /**
   * A sink.
   *
   * @param sources all data sources that the run can open
   * @param rows which rows of tables, in which order
   * @param log takes the lines
   * @throws IllegalArgumentException if the sources have not the columns that the rows name
   */
  public LogSink(List<DataSource> sources, PrinterOptions.Rows rows, LineLog log) {
    this.log = log;
    this.lines = new Lines(log);
    this.namesSources = sources.size() > 1;
    this.printer =
        new EventPrinter(
            sources.stream().map(StreamedSource::of).toList(),
            PrinterOptions.USUAL.withMode(OutputMode.JSON).withRows(rows),
            lines,
            new Messages(log));
  }

  /** A sink for tables as their gadget makes them. */
  public LogSink(List<DataSource> sources, LineLog log) {
    this(sources, PrinterOptions.Rows.ALL, log);
  }

  @Override
  public void opened(DataSource source) {
    printer.opened(source);
  }

  @Override
  public void event(EventView event) {
    if (namesSources) {
      turnTo(event.source());
    }
    printer.event(event);
  }

  /** What is printed from now on is of that source. */
  private void turnTo(DataSource source) {
    DataSource before = current;
    if (before != null && before.name().equals(source.name())) {
      return;
    }
    if (before != null && !before.isArray()) {
      // Hands on what is printed already.
      printer.batchEnd(before);
    }
    current = source;
    lines.source = source.name();
  }

  @Override
  public void batchEnd(DataSource source) {
    if (namesSources && source.isArray()) {
      turnTo(source);
    }
    printer.batchEnd(source);
  }

  @Override
  public void loss(LossReport loss) {
    // What was read before the loss was noticed stands before it.
    log.loss(loss);
  }

  @Override
  public void warning(String message) {
    log.warning(message);
  }

  @Override
  public void ended(EndCause cause) {
    printer.ended(cause);
    log.end(cause);
  }

  /** What a printer says beside the events. */
  private record Messages(LineLog log) implements MessageSink {
    @Override
    public void warning(String line) {
      log.warning(line);
    }

    @Override
    public void loss(String line) {
      log.warning(line);
    }
  }

  /** Cuts bytes behind their last line end: a log takes whole lines. */
  private static final class Lines implements ByteSink {
    private final LineLog log;
    private TextBuffer begun = new TextBuffer(BEGUN_BYTES);
    private boolean isGivenUp;
    private long givenUp;
    private String source = "";

    Lines(LineLog log) {
      this.log = log;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      int end = offset + length;
      while (end > offset && bytes[end - 1] != '\n') {
        end--;
      }
      if (end > offset) {
        appendWhole(bytes, offset, end - offset);
      }
      keep(bytes, end, offset + length - end);
    }

    private void appendWhole(byte[] bytes, int offset, int length) {
      int from = offset;
      if (isGivenUp || begun.length() > 0) {
        while (bytes[from] != '\n') {
          from++;
        }
        from++;
        completeLine(bytes, offset, from - offset);
      }
      log.append(bytes, from, offset + length - from, source);
    }

    private void completeLine(byte[] bytes, int offset, int length) {
      if (isGivenUp) {
        givenUp++;
        log.loss(new LossReport(LossReport.Stage.AGENT, LogReader.SOURCE, 1, givenUp));
        log.warning(
            "writing a line of more than "
                + (LINE_BYTES_MAX >> 20)
                + " MiB: given up, as this pod keeps it in memory; choose fewer containers");
      } else {
        begun.append(bytes, offset, length);
        log.append(begun.array(), 0, begun.length(), source);
      }
      forget();
      isGivenUp = false;
    }

    private void forget() {
      // One snapshot of a large node must not cost its memory for as long as the run goes on.
      if (begun.array().length > BEGUN_KEPT_BYTES) {
        begun = new TextBuffer(BEGUN_BYTES);
      }
      begun.clear();
    }

    private void keep(byte[] bytes, int offset, int length) {
      if (isGivenUp || begun.length() + length > LINE_BYTES_MAX) {
        isGivenUp |= length > 0;
        forget();
      } else {
        begun.append(bytes, offset, length);
      }
    }

    @Override
    public void flush() {
      // Whole lines are in the log already, and a line that has begun cannot be read.
    }
  }
}
