// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.columns.json.JsonEventReader;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.trace.stream.StreamedSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one run of what several nodes send. Events of streams are handed on as they come. Tables
 * and snapshots, of which each node sends its own, are put together: one is complete when every
 * node has sent its part, or when one sends the next already.
 *
 * <p>Safe for concurrent use; what the sink throws is thrown to the node that sent the event.
 */
final class RunMerge {
  private final List<DataSource> sources;
  private final EventSink sink;
  private final Map<String, NodeLines> active = new LinkedHashMap<>();
  private final List<Map<String, List<EventView>>> tables = new ArrayList<>();

  /**
   * Merges into a sink.
   *
   * @param sources all sources whose events may come
   */
  RunMerge(List<DataSource> sources, EventSink sink) {
    this.sources = sources;
    this.sink = sink;
    sources.forEach(source -> tables.add(new LinkedHashMap<>()));
  }

  /** Says that events will come. */
  synchronized void open() {
    sources.forEach(sink::opened);
  }

  /** A node that will send events, until {@link #ended}. */
  synchronized NodeLines begin(String node) {
    NodeLines lines = new NodeLines(node);
    active.put(node, lines);
    return lines;
  }

  /** A node sends nothing any more. */
  synchronized void ended(String node) {
    active.remove(node);
    for (int i = 0; i < sources.size(); i++) {
      completeTable(i);
    }
  }

  /** Something that the user should know. */
  synchronized void warning(String message) {
    sink.warning(message);
  }

  /** Hands on what is still there; nothing comes after it. */
  synchronized void end(EndCause cause) {
    for (int i = 0; i < sources.size(); i++) {
      if (!tables.get(i).isEmpty()) {
        flushTable(i);
      }
    }
    sink.ended(cause);
  }

  private void completeTable(int index) {
    Map<String, List<EventView>> table = tables.get(index);
    if (!table.isEmpty() && table.keySet().containsAll(active.keySet())) {
      flushTable(index);
    }
  }

  private void flushTable(int index) {
    Map<String, List<EventView>> table = tables.get(index);
    List<List<EventView>> parts = new ArrayList<>(table.values());
    table.clear();
    for (List<EventView> rows : parts) {
      rows.forEach(sink::event);
    }
    sink.batchEnd(sources.get(index));
  }

  /** Understands the lines of one node. Its methods are called by one thread. */
  final class NodeLines {
    private final String node;
    private final List<JsonEventReader> readers = new ArrayList<>();
    private final boolean[] streamed = new boolean[sources.size()];
    private long unreadable;

    /** Of which source the lines are; negative before that was said. */
    private int current = sources.size() == 1 ? 0 : -1;

    private NodeLines(String node) {
      this.node = node;
      for (DataSource source : sources) {
        readers.add(
            new JsonEventReader(
                StreamedSource.of(source), Map.of(ClusterCatalog.NODE_FIELD, node)));
      }
    }

    /** The lines that come are of that data source. */
    void source(String name) {
      current = -1;
      for (int i = 0; i < sources.size(); i++) {
        if (sources.get(i).name().equals(name)) {
          current = i;
        }
      }
    }

    /** A line that is no control line, in {@code bytes} from {@code from} to before {@code end}. */
    void event(byte[] bytes, int from, int end) {
      synchronized (RunMerge.this) {
        if (bytes[from] == '[') {
          table(bytes, from, end);
        } else {
          single(bytes, from, end);
        }
      }
    }

    private void single(byte[] bytes, int from, int end) {
      EventView event;
      try {
        event = reader(false).event(bytes, from, end);
      } catch (IllegalArgumentException e) {
        unreadable(e);
        return;
      }
      streamed[current] = true;
      sink.event(event);
    }

    private void table(byte[] bytes, int from, int end) {
      List<EventView> rows = new ArrayList<>();
      try {
        reader(true).array(bytes, from, end, row -> rows.add(row.detached()));
      } catch (IllegalArgumentException e) {
        unreadable(e);
        return;
      }
      Map<String, List<EventView>> table = tables.get(current);
      if (table.containsKey(node)) {
        flushTable(current);
      }
      table.put(node, rows);
      completeTable(current);
    }

    /** The reader of the source of which the lines are now. */
    private JsonEventReader reader(boolean isTable) {
      if (current < 0) {
        throw new IllegalArgumentException("its data source is not known");
      }
      if (sources.get(current).isArray() != isTable) {
        throw new IllegalArgumentException(
            sources.get(current).name() + " has " + (isTable ? "no tables" : "only tables"));
      }
      return readers.get(current);
    }

    private void unreadable(IllegalArgumentException cause) {
      unreadable++;
      if (unreadable == 1) {
        sink.warning(
            node
                + ": a line is no event of this gadget ("
                + cause.getMessage()
                + "); is its gadget pod of another version?");
      }
    }

    /** For the moment there is nothing more. */
    void pause() {
      synchronized (RunMerge.this) {
        for (int i = 0; i < streamed.length; i++) {
          if (streamed[i]) {
            streamed[i] = false;
            sink.batchEnd(sources.get(i));
          }
        }
      }
    }

    /** Events were lost on the node, or on the way from it. */
    void loss(LossReport loss) {
      synchronized (RunMerge.this) {
        sink.loss(
            new LossReport(
                loss.stage(), loss.source() + " on " + node, loss.count(), loss.total()));
      }
    }

    /** Something that the user should know of the node. */
    void warning(String message) {
      RunMerge.this.warning(node + ": " + message);
    }
  }
}
