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
        + events(loss.count())
        + " of "
        + SafeText.of(loss.source())
        + ' '
        + where(loss.stage())
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
        out.appendUtf8(events(loss.total()) + " of " + SafeText.of(loss.source()) + ' ');
        out.appendAscii(where(loss.stage()));
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

  private static String events(long count) {
    return count == 1 ? "1 event" : Long.toUnsignedString(count) + " events";
  }

  private static String word(LossReport.Stage stage) {
    return switch (stage) {
      case KERNEL_RING -> "kernel-ring";
      case KERNEL_MAP -> "kernel-map";
      case AGENT -> "agent";
      case CLIENT -> "client";
    };
  }

  private static String where(LossReport.Stage stage) {
    return switch (stage) {
      case KERNEL_RING -> "in the kernel: its ring buffer was full; a larger --ring-size may help";
      case KERNEL_MAP -> "in the kernel: a map was full";
      case AGENT -> "in the tracer";
      case CLIENT -> "on the way: the reader was too slow";
    };
  }
}
