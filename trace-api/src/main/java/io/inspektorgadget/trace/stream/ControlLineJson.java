// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import io.inspektorgadget.model.event.LossReport;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Control lines in JSON. */
final class ControlLineJson {
  private static final String BEGIN = "{\"type\":\"";
  private static final String COUNT = "count";
  private static final String LOST = "lost";
  private static final String MESSAGE = "message";
  private static final String MESSAGES = "messages";
  private static final String NAME = "name";

  /** ASCII only: what a container wrote into a message does nothing to a terminal. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ControlLineJson() {}

  static String write(ControlLine line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeStringProperty("type", type(line));
      out.writeNumberProperty("seq", line.seq());
      switch (line) {
        case ControlLine.Start start -> out.writeStringProperty("run", start.run());
        case ControlLine.Loss loss -> writeLoss(loss, out);
        case ControlLine.Warning warning -> out.writeStringProperty(MESSAGE, warning.message());
        case ControlLine.Source source -> out.writeStringProperty(NAME, source.name());
        case ControlLine.End end -> writeEnd(end, out);
        case ControlLine.Unknown unknown -> {}
      }
      out.writeEndObject();
    }
    // DEL is ASCII, but no character that a terminal shows.
    return text.toString().replace("\u007f", "\\u007f");
  }

  private static String type(ControlLine line) {
    return switch (line) {
      case ControlLine.Start start -> "start";
      case ControlLine.Loss loss -> "loss";
      case ControlLine.Warning warning -> "warning";
      case ControlLine.Source source -> "source";
      case ControlLine.End end -> "end";
      case ControlLine.Unknown unknown -> unknown.type();
    };
  }

  private static void writeLoss(ControlLine.Loss line, JsonGenerator out) {
    LossReport loss = line.loss();
    out.writeNumberProperty(COUNT, loss.count());
    if (line.messages() != 0) {
      out.writeNumberProperty(MESSAGES, line.messages());
    }
    out.writeStringProperty("source", loss.source());
    out.writeStringProperty("stage", word(loss.stage()));
    out.writeNumberProperty("total", loss.total());
  }

  private static void writeEnd(ControlLine.End end, JsonGenerator out) {
    out.writeStringProperty("cause", end.cause().word());
    if (end.lost() != 0) {
      out.writeNumberProperty(LOST, end.lost());
    }
    if (!end.message().isEmpty()) {
      out.writeStringProperty(MESSAGE, end.message());
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<ControlLine> parse(String line) {
    if (!line.startsWith(BEGIN)) {
      return Optional.empty();
    }
    Map<String, Object> members;
    try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      members = members(in);
    } catch (JacksonException e) {
      // Cut off in the middle, or never one of ours.
      return Optional.empty();
    }
    return of(members);
  }

  /** Texts and whole numbers, in their order; other values are passed over. */
  private static Map<String, Object> members(JsonParser in) {
    Map<String, Object> members = new LinkedHashMap<>();
    in.nextToken();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = in.currentName();
      switch (in.nextToken()) {
        case VALUE_STRING -> members.put(name, in.getString());
        case VALUE_NUMBER_INT -> members.put(name, in.getLongValue());
        default -> in.skipChildren();
      }
    }
    return members;
  }

  private static Optional<ControlLine> of(Map<String, Object> members) {
    Iterator<String> names = members.keySet().iterator();
    if (members.size() < 2 || !names.next().equals("type") || !names.next().equals("seq")) {
      return Optional.empty();
    }
    Map<String, Object> rest = new HashMap<>(members);
    if (!(rest.get("seq") instanceof Long seq)) {
      return Optional.empty();
    }
    String type = text(rest, "type");
    return Optional.of(
        switch (type) {
          case "start" -> new ControlLine.Start(seq, text(rest, "run"));
          case "loss" -> loss(seq, rest);
          case "warning" -> new ControlLine.Warning(seq, text(rest, MESSAGE));
          case "source" -> new ControlLine.Source(seq, text(rest, NAME));
          case "end" -> end(seq, rest);
          default -> new ControlLine.Unknown(seq, type);
        });
  }

  private static ControlLine loss(long seq, Map<String, Object> members) {
    for (LossReport.Stage stage : LossReport.Stage.values()) {
      if (word(stage).equals(text(members, "stage"))) {
        LossReport loss =
            new LossReport(
                stage, text(members, "source"), number(members, COUNT), number(members, "total"));
        return new ControlLine.Loss(seq, loss, number(members, MESSAGES));
      }
    }
    return new ControlLine.Unknown(seq, "loss");
  }

  private static ControlLine end(long seq, Map<String, Object> members) {
    for (ControlLine.Cause cause : ControlLine.Cause.values()) {
      if (cause.word().equals(text(members, "cause"))) {
        return new ControlLine.End(seq, cause, text(members, MESSAGE), number(members, LOST));
      }
    }
    return new ControlLine.Unknown(seq, "end");
  }

  private static String text(Map<String, Object> members, String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  private static long number(Map<String, Object> members, String name) {
    return members.get(name) instanceof Long number ? number : 0;
  }
}
