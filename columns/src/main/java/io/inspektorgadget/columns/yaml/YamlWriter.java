// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.yaml;

import io.inspektorgadget.columns.field.FieldTree;
import io.inspektorgadget.columns.format.EventWriter;
import io.inspektorgadget.columns.json.JsonText;
import io.inspektorgadget.columns.json.Notation;
import io.inspektorgadget.columns.json.ObjectPlan;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Events as YAML: a document for each event of a stream, a document with a list for each batch of
 * an array source. Texts that could be taken for something else stand in double quotes, escaped as
 * in JSON. Single thread; allocates nothing per event.
 */
public final class YamlWriter implements EventWriter {
  private static final int LIST_INDENT_BYTES = 3;

  private final boolean array;
  private final ObjectPlan plan;
  private boolean inDocument;

  /** A writer of the given fields of a source. */
  public YamlWriter(DataSource source, List<FieldSpec> fields) {
    this.array = source.isArray();
    FieldTree.Group tree = FieldTree.of(source.schema(), fields);
    this.plan = new ObjectPlan(tree, new Block(), array ? 1 : 0);
  }

  @Override
  public void begin(TextBuffer out) {}

  @Override
  public void event(EventView event, TextBuffer out) {
    if (!inDocument) {
      out.appendAscii("---");
    }
    inDocument = array;
    if (array) {
      out.appendAscii("\n- ");
    }
    // Inside a list the first key stands behind the dash: without its line end and indentation.
    if (!plan.append(event, array ? LIST_INDENT_BYTES : 0, out)) {
      out.appendAscii(array ? "{}" : " {}");
    }
    if (!array) {
      out.append('\n');
    }
  }

  @Override
  public void batchEnd(TextBuffer out) {
    out.appendAscii(inDocument ? "\n" : "--- []\n");
    inDocument = false;
  }

  private static final class Block implements Notation {
    @Override
    public byte[] key(String name, int depth) {
      return line(name, ": ", depth);
    }

    @Override
    public byte[] open(String name, int depth) {
      return line(name, ":", depth);
    }

    @Override
    public byte[] close(int depth) {
      return new byte[0];
    }

    @Override
    public int separatorSizeBytes() {
      return 0;
    }

    @Override
    public boolean allowsPlainText() {
      return true;
    }

    private static byte[] line(String name, String after, int depth) {
      TextBuffer out = new TextBuffer(64);
      out.append('\n');
      out.appendAscii("  ".repeat(depth));
      out.append(isWord(name) ? name.getBytes(StandardCharsets.UTF_8) : JsonText.quoted(name));
      out.appendAscii(after);
      return out.toByteArray();
    }

    /** True for identifiers but those that older readers take for booleans. */
    private static boolean isWord(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "y", "n", "yes", "no", "on", "off", "true", "false", "null" -> false;
        default -> isIdentifier(name);
      };
    }

    private static boolean isIdentifier(String name) {
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) {
          return false;
        }
      }
      return !name.isEmpty();
    }
  }
}
