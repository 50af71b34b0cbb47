// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The wanted parts of a JSON file of somebody else's. Immutable. What is absent, or of another type
 * than asked for, is empty or 0: nothing in such a file makes a reader fail.
 */
public final class JsonFile {

  /** A document of no content. */
  public static final JsonFile EMPTY = new JsonFile(Map.of());

  private static final long SIZE_MAX_BYTES = 8L << 20;
  private static final String EVERYTHING = "";
  private static final int DEPTH_MAX = 32;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, Object> members;

  private JsonFile(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * Reads a file.
   *
   * @param wanted paths of member names joined by dots; a path that ends at an object wants the
   *     whole of it. Everything else is skipped.
   * @throws IOException if there is no regular file, it is larger than 8 MiB, or is not a JSON
   *     object
   */
  public static JsonFile read(Path file, Set<String> wanted) throws IOException {
    try (InputStream bytes = open(file);
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      return document(file.toString(), parser, wanted);
    } catch (JacksonException e) {
      throw refusal(file.toString(), e);
    }
  }

  /**
   * Reads a file that holds an array of objects; elements of another type are left out.
   *
   * @param wanted what is wanted of each object
   * @throws IOException if there is no regular file, it is larger than 8 MiB, or is not a JSON
   *     array
   */
  public static List<JsonFile> readElements(Path file, Set<String> wanted) throws IOException {
    try (InputStream bytes = open(file);
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("reading " + file + ": not a JSON array");
      }
      List<JsonFile> elements = new ArrayList<>();
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          elements.add(new JsonFile(object(parser, "", wanted, 1)));
        } else {
          parser.skipChildren();
        }
      }
      return List.copyOf(elements);
    } catch (JacksonException e) {
      throw refusal(file.toString(), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("reading " + file + ": no regular file");
    }
    if (attributes.size() > SIZE_MAX_BYTES) {
      throw new IOException("reading " + file + ": larger than " + SIZE_MAX_BYTES + " bytes");
    }
    // Quicker than a channel where the code has not been compiled yet, as at a start.
    return new FileInputStream(file.toString());
  }

  private static IOException refusal(String name, JacksonException cause) {
    return new IOException("reading " + name + ": " + cause.getOriginalMessage(), cause);
  }

  private static JsonFile document(String name, JsonParser parser, Set<String> wanted)
      throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("reading " + name + ": not a JSON object");
    }
    return new JsonFile(object(parser, "", wanted, 0));
  }

  /**
   * Reads a JSON text.
   *
   * @param name what the text is, for errors
   * @throws IOException if it is not a JSON object
   */
  public static JsonFile parse(String name, byte[] json, Set<String> wanted) throws IOException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      return document(name, parser, wanted);
    } catch (JacksonException e) {
      throw refusal(name, e);
    }
  }

  /** Reads a JSON text with nothing left out, as {@link #parse} does. */
  public static JsonFile parseAll(String name, byte[] json) throws IOException {
    return parse(name, json, Set.of(EVERYTHING));
  }

  /** True if it holds nothing that was wanted. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** The text at this path of names, empty if there is none. */
  public String text(String... path) {
    return at(path) instanceof String text ? text : "";
  }

  /** The whole number at this path of names, 0 if there is none. */
  public long number(String... path) {
    return at(path) instanceof Long number ? number : 0;
  }

  /** The members of the object at this path of names whose values are texts; unmodifiable. */
  public Map<String, String> texts(String... path) {
    if (!(at(path) instanceof Map<?, ?> object)) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    object.forEach((name, value) -> {
      if (name instanceof String key && value instanceof String text) {
        texts.put(key, text);
      }
    });
    return Map.copyOf(texts);
  }

  /** The names of the members of the object at this path of names, in order; unmodifiable. */
  public List<String> names(String... path) {
    List<String> names = new ArrayList<>();
    if (at(path) instanceof Map<?, ?> object) {
      for (Object name : object.keySet()) {
        names.add(String.valueOf(name));
      }
    }
    return List.copyOf(names);
  }

  /** The texts of the array at this path of names; unmodifiable. */
  public List<String> list(String... path) {
    List<String> texts = new ArrayList<>();
    if (at(path) instanceof List<?> elements) {
      for (Object element : elements) {
        if (element instanceof String text) {
          texts.add(text);
        }
      }
    }
    return List.copyOf(texts);
  }

  private @Nullable Object at(String... path) {
    Object value = members;
    for (String name : path) {
      if (!(value instanceof Map<?, ?> object)) {
        return null;
      }
      value = object.get(name);
    }
    return value;
  }

  private static Map<String, Object> object(
      JsonParser parser, String path, Set<String> wanted, int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String memberPath = path.isEmpty() ? name : path + "." + name;
      parser.nextToken();
      if (depth < DEPTH_MAX && isWanted(memberPath, wanted)) {
        Object value = value(parser, memberPath, wanted, depth + 1);
        if (value != null) {
          members.put(name, value);
        }
      } else {
        parser.skipChildren();
      }
    }
    return members;
  }

  private static List<Object> array(JsonParser parser, String path, Set<String> wanted, int depth) {
    List<Object> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (depth < DEPTH_MAX) {
        Object value = value(parser, path, wanted, depth + 1);
        if (value != null) {
          elements.add(value);
        }
      } else {
        parser.skipChildren();
      }
    }
    return elements;
  }

  private static @Nullable Object value(
      JsonParser parser, String path, Set<String> wanted, int depth) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path, wanted, depth);
      case START_ARRAY -> array(parser, path, wanted, depth);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? null
              : (Object) parser.getLongValue();
      default -> null;
    };
  }

  /** A member is wanted if it lies on the way to something wanted, is it, or lies inside it. */
  private static boolean isWanted(String path, Set<String> wanted) {
    for (String candidate : wanted) {
      if (candidate.equals(EVERYTHING)
          || isAtOrBelow(candidate, path)
          || isAtOrBelow(path, candidate)) {
        return true;
      }
    }
    return false;
  }

  /** Makes no texts: it is asked for every member of hundreds of files at a start. */
  private static boolean isAtOrBelow(String path, String top) {
    return path.startsWith(top)
        && (path.length() == top.length() || path.charAt(top.length()) == '.');
  }
}
