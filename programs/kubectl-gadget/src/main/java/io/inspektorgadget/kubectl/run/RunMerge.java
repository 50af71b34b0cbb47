// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.columns.json.JsonEventReader;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.schema.DataSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    private NodeLines(String node) {
      this.node = node;
      for (DataSource source : sources) {
        readers.add(new JsonEventReader(source, Map.of(ClusterCatalog.NODE_FIELD, node)));
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
      EventView best = null;
      int bestIndex = -1;
      int unknownMin = Integer.MAX_VALUE;
      IllegalArgumentException refused = null;
      for (int i = 0; i < readers.size() && unknownMin > 0; i++) {
        if (!sources.get(i).isArray()) {
          try {
            EventView event = readers.get(i).event(bytes, from, end);
            if (readers.get(i).unknownMembers() < unknownMin) {
              unknownMin = readers.get(i).unknownMembers();
              best = event;
              bestIndex = i;
            }
          } catch (IllegalArgumentException e) {
            refused = e;
          }
        }
      }
      if (best == null) {
        unreadable(refused);
      } else {
        streamed[bestIndex] = true;
        sink.event(best);
      }
    }

    private void table(byte[] bytes, int from, int end) {
      List<EventView> best = null;
      int bestIndex = -1;
      int unknownMin = Integer.MAX_VALUE;
      IllegalArgumentException refused = null;
      for (int i = 0; i < readers.size() && unknownMin > 0; i++) {
        if (sources.get(i).isArray()) {
          List<EventView> rows = new ArrayList<>();
          try {
            readers.get(i).array(bytes, from, end, row -> rows.add(row.detached()));
            if (readers.get(i).unknownMembers() < unknownMin) {
              unknownMin = readers.get(i).unknownMembers();
              best = rows;
              bestIndex = i;
            }
          } catch (IllegalArgumentException e) {
            refused = e;
          }
        }
      }
      if (best == null) {
        unreadable(refused);
        return;
      }
      Map<String, List<EventView>> table = tables.get(bestIndex);
      if (table.containsKey(node)) {
        flushTable(bestIndex);
      }
      table.put(node, best);
      completeTable(bestIndex);
    }

    private void unreadable(@Nullable IllegalArgumentException cause) {
      unreadable++;
      if (unreadable == 1) {
        sink.warning(
            node
                + ": a line is no event of this gadget"
                + (cause == null ? "" : " (" + cause.getMessage() + ")")
                + "; is its gadget pod of another version?");
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
