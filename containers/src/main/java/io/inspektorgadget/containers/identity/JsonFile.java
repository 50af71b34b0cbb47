// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.model.json.JsonTokens;
import io.inspektorgadget.model.json.JsonTokens.Token;
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

/**
 * The wanted parts of a JSON file of somebody else's. Immutable. What is absent, or of another type
 * than asked for, is empty or 0: nothing in such a file makes a reader fail.
 */
public final class JsonFile {

  /** A document of no content. */
  public static final JsonFile EMPTY = new JsonFile(Map.of());

  private static final int SIZE_MAX_BYTES = 8 << 20;
  private static final String EVERYTHING = "";
  private static final int DEPTH_MAX = 32;

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
    return parse(file.toString(), bytes(file), wanted);
  }

  /**
   * Reads a file that holds an array of objects; elements of another type are left out.
   *
   * @param wanted what is wanted of each object
   * @throws IOException if there is no regular file, it is larger than 8 MiB, or is not a JSON
   *     array
   */
  public static List<JsonFile> readElements(Path file, Set<String> wanted) throws IOException {
    JsonTokens in = new JsonTokens(bytes(file));
    try {
      if (in.next() != Token.START_ARRAY) {
        throw new IOException("reading " + file + ": not a JSON array");
      }
      List<JsonFile> elements = new ArrayList<>();
      for (Token token = in.next(); token != Token.END_ARRAY; token = in.next()) {
        if (token == Token.START_OBJECT) {
          elements.add(new JsonFile(object(in, "", wanted, 1)));
        } else {
          in.skipChildren();
        }
      }
      return List.copyOf(elements);
    } catch (IllegalArgumentException e) {
      throw refusal(file.toString(), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("reading " + file + ": no regular file");
    }
    // Quicker than a channel where the code has not been compiled yet, as at a start.
    try (InputStream stream = new FileInputStream(file.toString())) {
      byte[] bytes = stream.readNBytes(SIZE_MAX_BYTES + 1);
      if (bytes.length > SIZE_MAX_BYTES) {
        throw new IOException("reading " + file + ": larger than " + SIZE_MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static IOException refusal(String name, IllegalArgumentException cause) {
    return new IOException("reading " + name + ": " + cause.getMessage(), cause);
  }

  /**
   * Reads a JSON text.
   *
   * @param name what the text is, for errors
   * @throws IOException if it is not a JSON object
   */
  public static JsonFile parse(String name, byte[] json, Set<String> wanted) throws IOException {
    JsonTokens in = new JsonTokens(json);
    try {
      if (in.next() != Token.START_OBJECT) {
        throw new IOException("reading " + name + ": not a JSON object");
      }
      return new JsonFile(object(in, "", wanted, 0));
    } catch (IllegalArgumentException e) {
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
      JsonTokens in, String path, Set<String> wanted, int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      String memberPath = path.isEmpty() ? name : path + "." + name;
      if (depth < DEPTH_MAX && isWanted(memberPath, wanted)) {
        in.next();
        Object value = value(in, memberPath, wanted, depth + 1);
        if (value != null) {
          members.put(name, value);
        }
      } else {
        in.skip();
      }
    }
    return members;
  }

  private static List<Object> array(JsonTokens in, String path, Set<String> wanted, int depth) {
    List<Object> elements = new ArrayList<>();
    for (Token token = in.next(); token != Token.END_ARRAY; token = in.next()) {
      if (depth < DEPTH_MAX) {
        Object value = value(in, path, wanted, depth + 1);
        if (value != null) {
          elements.add(value);
        }
      } else {
        in.skipChildren();
      }
    }
    return elements;
  }

  private static @Nullable Object value(JsonTokens in, String path, Set<String> wanted, int depth) {
    return switch (in.current()) {
      case START_OBJECT -> object(in, path, wanted, depth);
      case START_ARRAY -> array(in, path, wanted, depth);
      case STRING -> in.string();
      case NUMBER -> in.longValue();
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
