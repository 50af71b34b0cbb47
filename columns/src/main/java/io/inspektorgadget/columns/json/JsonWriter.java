// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Events as JSON. A stream gives one object a line, an array source one array a batch; pretty, the
 * same with two spaces of indentation. Single thread; allocates nothing per event.
 */
public final class JsonWriter implements EventWriter {
  private final boolean array;
  private final boolean pretty;
  private final ObjectPlan plan;
  private final byte[] close;
  private boolean inArray;

  /** A writer of the given fields of a source. */
  public JsonWriter(DataSource source, List<FieldSpec> fields, boolean pretty) {
    this.array = source.isArray();
    this.pretty = pretty;
    Notation notation = pretty ? new Pretty() : new Compact();
    int depth = array ? 1 : 0;
    this.plan = new ObjectPlan(FieldTree.of(source.schema(), fields), notation, depth);
    this.close = notation.close(depth - 1);
  }

  @Override
  public void begin(TextBuffer out) {}

  @Override
  public void event(EventView event, TextBuffer out) {
    if (array) {
      out.append(inArray ? ',' : '[');
      if (pretty) {
        out.appendAscii("\n  ");
      }
      inArray = true;
    }
    out.append('{');
    if (plan.append(event, 1, out)) {
      out.append(close);
    } else {
      out.append('}');
    }
    if (!array) {
      out.append('\n');
    }
  }

  @Override
  public void batchEnd(TextBuffer out) {
    out.appendAscii(!inArray ? "[]\n" : pretty ? "\n]\n" : "]\n");
    inArray = false;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] literal(String before, String name, String after) {
    TextBuffer out = new TextBuffer(64);
    out.appendAscii(before).append(JsonText.quoted(name)).appendAscii(after);
    return out.toByteArray();
  }

  private static final class Compact implements Notation {
    @Override
    public byte[] key(String name, int depth) {
      return literal(",", name, ":");
    }

    @Override
    public byte[] open(String name, int depth) {
      return literal(",", name, ":{");
    }

    @Override
    public byte[] close(int depth) {
      return ascii("}");
    }

    @Override
    public int separatorSizeBytes() {
      return 1;
    }

    @Override
    public boolean allowsPlainText() {
      return false;
    }
  }

  private static final class Pretty implements Notation {
    @Override
    public byte[] key(String name, int depth) {
      return literal(",\n" + "  ".repeat(depth + 1), name, ": ");
    }

    @Override
    public byte[] open(String name, int depth) {
      return literal(",\n" + "  ".repeat(depth + 1), name, ": {");
    }

    @Override
    public byte[] close(int depth) {
      return ascii("\n" + "  ".repeat(depth + 1) + "}");
    }

    @Override
    public int separatorSizeBytes() {
      return 1;
    }

    @Override
    public boolean allowsPlainText() {
      return false;
    }
  }
}
