// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.json.JsonText;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.event.TextBuffer;
import java.util.ArrayList;
import java.util.List;

/** Counts losses and puts them into words, or into JSON. Single thread. */
final class LossTexts {
  private final boolean json;
  private final List<LossReport> totals = new ArrayList<>();

  LossTexts(boolean json) {
    this.json = json;
  }

  /** All losses so far. */
  long total() {
    long total = 0;
    for (LossReport loss : totals) {
      total += loss.total();
    }
    return total;
  }

  /** Remembers a loss and returns the line that tells it. */
  String reported(LossReport loss) {
    totals.removeIf(t -> t.stage() == loss.stage() && t.source().equals(loss.source()));
    totals.add(loss);
    if (json) {
      TextBuffer out = new TextBuffer(128);
      out.appendAscii("{\"loss\":");
      appendJson(loss, true, out);
      return out.append('}').toString();
    }
    return "lost "
        + what(loss, loss.count())
        + " ("
        + Long.toUnsignedString(loss.total())
        + " since the start)";
  }

  /** The line that tells all losses, at the end. */
  String summary() {
    TextBuffer out = new TextBuffer(256);
    out.appendAscii(json ? "{\"losses\":[" : "lost in total: ");
    for (int i = 0; i < totals.size(); i++) {
      LossReport loss = totals.get(i);
      if (json) {
        out.appendAscii(i > 0 ? "," : "");
        appendJson(loss, false, out);
      } else {
        out.appendAscii(i > 0 ? "; " : "");
        out.appendUtf8(what(loss, loss.total()));
      }
    }
    out.appendAscii(json ? "]}" : "");
    return out.toString();
  }

  private static void appendJson(LossReport loss, boolean withCount, TextBuffer out) {
    out.append('{');
    if (withCount) {
      out.appendAscii("\"count\":").appendUnsigned(loss.count());
      out.append(',');
    }
    out.appendAscii("\"source\":").append(JsonText.quoted(loss.source()));
    out.appendAscii(",\"stage\":\"").appendAscii(word(loss.stage()));
    out.appendAscii("\",\"total\":").appendUnsigned(loss.total());
    out.append('}');
  }

  private static String what(LossReport loss, long count) {
    String source = SafeText.of(loss.source());
    return switch (loss.stage()) {
      case KERNEL_RING ->
          events(count, source)
              + " in the kernel: its ring buffer was full; a larger --ring-size may help";
      case KERNEL_MAP -> events(count, source) + " in the kernel: a map was full";
      case AGENT -> events(count, source) + " in the tracer";
      case CLIENT -> events(count, source) + " on the way: the reader was too slow";
      case LATE_START ->
          "perhaps the first events of "
              + source
              + ": "
              + of(count, "start")
              + " went on after 200 ms, before this run was told (late)";
      case FILTER_FULL ->
          "all events of "
              + source
              + ": no room in the kernel's filter for "
              + of(count, "mount namespace")
              + "; choose fewer containers";
    };
  }

  private static String events(long count, String source) {
    return of(count, "event") + " of " + source;
  }

  private static String of(long count, String noun) {
    return Long.toUnsignedString(count) + ' ' + noun + (count == 1 ? "" : "s");
  }

  private static String word(LossReport.Stage stage) {
    return switch (stage) {
      case KERNEL_RING -> "kernel-ring";
      case KERNEL_MAP -> "kernel-map";
      case AGENT -> "agent";
      case CLIENT -> "client";
      case LATE_START -> "late-start";
      case FILTER_FULL -> "filter-full";
    };
  }
}
