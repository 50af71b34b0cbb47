// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.filter.EventFilter;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints a run: events to a {@link ByteSink}, and nothing but events; warnings and losses to a
 * {@link MessageSink}. Everything that the user asked for is checked against the data sources when
 * the printer is made, before anything touches the kernel.
 *
 * <p>Bytes are handed on when a batch ends or 64 KiB have come together. A sink that cannot take
 * them ends the run with an {@link UncheckedIOException}. Single thread: the run's event loop.
 * Streams in the modes columns, JSON and YAML allocate nothing per event.
 */
public final class EventPrinter implements EventSink {
  private static final int DRAIN_BYTES = 64 * 1024;

  private final SourcePrinter[] printers;
  private final ByteSink sink;
  private final LossTexts losses;
  private final MessageSink messages;
  private final TextBuffer out = new TextBuffer(2 * DRAIN_BYTES);
  private int lastStream = -1;
  private boolean sinkFailed;

  /**
   * A printer for the data sources of a gadget.
   *
   * @param sources all data sources that the run can open
   * @throws IllegalArgumentException if a field, filter, order or mode does not suit them: with
   *     more than one source a filter must suit at least one, the rest each that it concerns
   */
  public EventPrinter(
      List<DataSource> sources, PrinterOptions options, ByteSink sink, MessageSink messages) {
    this(sources, options, Set.of(), sink, messages);
  }

  private EventPrinter(
      List<DataSource> sources,
      PrinterOptions options,
      Set<DataSource> leftOut,
      ByteSink sink,
      MessageSink messages) {
    List<@Nullable EventFilter> filters =
        EventFilter.parseLeniently(options.rows().filters(), sources);
    this.printers = new SourcePrinter[sources.size()];
    boolean json = false;
    for (int i = 0; i < printers.length; i++) {
      DataSource source = sources.get(i);
      PrinterOptions own = leftOut.contains(source) ? options.withMode(OutputMode.NONE) : options;
      printers[i] = new SourcePrinter(source, own, filters.get(i));
      json |= printers[i].mode().isJson();
    }
    this.sink = sink;
    this.messages = messages;
    this.losses = new LossTexts(json);
  }

  /**
   * A printer for somebody who chose the mode, and not for a program that needs it: data sources
   * that may not be shown so are left out with a warning.
   *
   * @throws IllegalArgumentException as the constructor, and if none of the data sources may be
   *     shown so; names the modes that are
   */
  public static EventPrinter ofChosenMode(
      List<DataSource> sources, PrinterOptions options, ByteSink sink, MessageSink messages) {
    OutputMode mode = options.mode();
    Set<DataSource> leftOut = new HashSet<>();
    List<String> refusals = new ArrayList<>();
    for (DataSource source : sources) {
      if (!mode.suits(source)) {
        leftOut.add(source);
        refusals.add(
            source.name()
                + " is not shown as "
                + mode.word()
                + ", only as "
                + String.join(", ", OutputMode.namesFor(source)));
      }
    }
    if (!leftOut.isEmpty() && leftOut.size() == sources.size()) {
      throw new IllegalArgumentException(
          "choosing the output mode: " + String.join("; ", refusals));
    }
    EventPrinter printer = new EventPrinter(sources, options, leftOut, sink, messages);
    refusals.forEach(messages::warning);
    return printer;
  }

  /** How many events were lost so far, at all stages. */
  public long lostTotal() {
    return losses.total();
  }

  @Override
  public void opened(DataSource source) {
    int index = indexOf(source);
    if (source.isArray()) {
      printers[index].begin(out);
      flush();
    } else if (lastStream < 0) {
      beginStream(index);
      flush();
    }
  }

  @Override
  public void event(EventView event) {
    int index = indexOf(event.source());
    if (!printers[index].accepts(event)) {
      return;
    }
    if (index != lastStream && !printers[index].source().isArray()) {
      // Rows of another stream need their own header to be understood.
      beginStream(index);
    }
    printers[index].event(event, out);
    if (out.length() >= DRAIN_BYTES) {
      drain();
    }
  }

  @Override
  public void batchEnd(DataSource source) {
    printers[indexOf(source)].batchEnd(out);
    flush();
  }

  @Override
  public void loss(LossReport loss) {
    messages.loss(losses.reported(loss));
  }

  @Override
  public void warning(String message) {
    messages.warning(SafeText.of(message));
  }

  /**
   * Completes what has begun, hands everything on (unless the sink has failed already), and tells
   * all losses together if there were any.
   */
  @Override
  public void ended(EndCause cause) {
    if (!sinkFailed) {
      for (SourcePrinter printer : printers) {
        printer.finish(out);
      }
      flush();
    }
    if (losses.total() != 0) {
      messages.loss(losses.summary());
    }
  }

  private void beginStream(int index) {
    printers[index].begin(out);
    lastStream = index;
  }

  private int indexOf(DataSource source) {
    for (int i = 0; i < printers.length; i++) {
      if (printers[i].source().name().equals(source.name())) {
        return i;
      }
    }
    throw new IllegalStateException(
        "printing events of " + source.name() + ": the printer was not made for this data source");
  }

  private void drain() {
    try {
      if (out.length() > 0) {
        sink.write(out.array(), 0, out.length());
        out.clear();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void flush() {
    drain();
    try {
      sink.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException cause) {
    sinkFailed = true;
    return new UncheckedIOException(cause);
  }
}
