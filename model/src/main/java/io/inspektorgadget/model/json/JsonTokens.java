// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one JSON text (RFC 8259), one after the other. Made for a program's start: a parser
 * that knows every number's exact value first computes tables that cost more than the whole text.
 * Whole numbers are read as far as {@code long} goes. Single thread.
 */
public final class JsonTokens {
  /** What the reader stands at. */
  public enum Token {
    /** <code>{</code>; {@link #nextName} steps through the members. */
    START_OBJECT,
    /** <code>}</code>. */
    END_OBJECT,
    /** {@code [}; {@link #next} steps through the elements. */
    START_ARRAY,
    /** {@code ]}. */
    END_ARRAY,
    /** A text. */
    STRING,
    /** A number. */
    NUMBER,
    /** The word true. */
    TRUE,
    /** The word false. */
    FALSE,
    /** The word null. */
    NULL,
    /** Nothing yet. */
    END
  }

  private static final int DEPTH_MAX = 100;

  private final byte[] text;
  private final boolean[] isObject = new boolean[DEPTH_MAX];
  private int depth;
  private int at;
  private int tokenStart;

  /** True behind an opening bracket: the next member or element needs no comma. */
  private boolean first = true;

  /** True while texts are only looked through: what nobody reads is not made. */
  private boolean isSkipping;

  private Token token = Token.END;
  private String string = "";

  /** Tokens of a text in UTF-8, which is not changed. */
  public JsonTokens(byte[] text) {
    this.text = text;
  }

  /** The token that the reader stands at. */
  public Token current() {
    return token;
  }

  /**
   * Steps to the next value, into objects and arrays and out of arrays.
   *
   * @throws IllegalArgumentException if the text is no JSON, with line and column
   */
  public Token next() {
    skipSpace();
    tokenStart = at;
    if (depth > 0 && !isObject[depth - 1]) {
      if (peek() == ']') {
        return leave(Token.END_ARRAY);
      }
      separate();
    }
    return value();
  }

  /**
   * Steps to the next member of the object that the reader is in.
   *
   * @return its name; null at the object's end
   */
  public @Nullable String nextName() {
    skipSpace();
    tokenStart = at;
    if (peek() == '}') {
      leave(Token.END_OBJECT);
      return null;
    }
    separate();
    require('"');
    String name = readString();
    skipSpace();
    require(':');
    return name;
  }

  /** The text that the reader stands at. */
  public String string() {
    return string;
  }

  /**
   * The number that the reader stands at.
   *
   * @throws IllegalArgumentException if it is no number, or no {@code int}
   */
  public int intValue() {
    if (token != Token.NUMBER) {
      throw wrong(token + " where a number belongs");
    }
    try {
      return Integer.parseInt(string);
    } catch (NumberFormatException e) {
      throw wrong(string + ", which is no number of 32 bits");
    }
  }

  /** The whole number that the reader stands at; null if it is no number, or none of 64 bits. */
  public @Nullable Long longValue() {
    if (token != Token.NUMBER) {
      return null;
    }
    try {
      return Long.valueOf(string);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * The truth value that the reader stands at.
   *
   * @throws IllegalArgumentException if it is none
   */
  public boolean booleanValue() {
    if (token != Token.TRUE && token != Token.FALSE) {
      throw wrong(token + " where true or false belongs");
    }
    return token == Token.TRUE;
  }

  /** Steps to the end of the object or array that the reader has just entered. */
  public void skipChildren() {
    if (token != Token.START_OBJECT && token != Token.START_ARRAY) {
      return;
    }
    int outside = depth - 1;
    isSkipping = true;
    while (depth > outside) {
      if (!isObject[depth - 1] || nextName() != null) {
        next();
      }
    }
    isSkipping = false;
  }

  /**
   * Steps over the next value, whatever it is.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  public void skip() {
    isSkipping = true;
    next();
    isSkipping = false;
    skipChildren();
  }

  /** The error for the token that the reader stands at. */
  public IllegalArgumentException wrong(String found) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < tokenStart && i < text.length; i++) {
      column = text[i] == '\n' ? 1 : column + 1;
      line += text[i] == '\n' ? 1 : 0;
    }
    return new IllegalArgumentException("line " + line + ", column " + column + " has " + found);
  }

  private Token value() {
    switch (peek()) {
      case '{' -> enter(Token.START_OBJECT);
      case '[' -> enter(Token.START_ARRAY);
      case '"' -> {
        at++;
        string = readString();
        token = Token.STRING;
      }
      case 't' -> word("true", Token.TRUE);
      case 'f' -> word("false", Token.FALSE);
      case 'n' -> word("null", Token.NULL);
      case -1 -> throw wrong("its end where a value belongs");
      default -> number();
    }
    return token;
  }

  private void enter(Token start) {
    if (depth == DEPTH_MAX) {
      throw wrong("more than " + DEPTH_MAX + " objects and arrays in each other");
    }
    at++;
    isObject[depth++] = start == Token.START_OBJECT;
    first = true;
    token = start;
  }

  private Token leave(Token end) {
    at++;
    depth--;
    first = false;
    token = end;
    return end;
  }

  private void separate() {
    if (!first) {
      require(',');
      skipSpace();
      tokenStart = at;
    }
    first = false;
  }

  private void word(String word, Token meaning) {
    for (int i = 0; i < word.length(); i++) {
      require(word.charAt(i));
    }
    token = meaning;
  }

  private void number() {
    int start = at;
    while (at < text.length && isPartOfNumber(text[at])) {
      at++;
    }
    if (at == start) {
      throw wrong("\"" + (char) (text[at] & 0x7f) + "\" where a value belongs");
    }
    string = isSkipping ? "" : new String(text, start, at - start, StandardCharsets.ISO_8859_1);
    token = Token.NUMBER;
  }

  private static boolean isPartOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
  }

  /** Reads on to the closing quotation mark; the opening one is taken already. */
  private String readString() {
    int start = at;
    while (at < text.length && text[at] != '"' && text[at] != '\\') {
      if (text[at] >= 0 && text[at] < ' ') {
        throw wrong("a control character inside of a text");
      }
      at++;
    }
    if (peek() == '\\') {
      return readEscaped(
          new StringBuilder(new String(text, start, at - start, StandardCharsets.UTF_8)));
    }
    require('"');
    return isSkipping ? "" : new String(text, start, at - 1 - start, StandardCharsets.UTF_8);
  }

  private String readEscaped(StringBuilder begun) {
    while (peek() == '\\') {
      at++;
      begun.append(escape());
      int start = at;
      while (at < text.length && text[at] != '"' && text[at] != '\\') {
        at++;
      }
      begun.append(new String(text, start, at - start, StandardCharsets.UTF_8));
    }
    require('"');
    return begun.toString();
  }

  private char escape() {
    int letter = peek();
    at++;
    return switch (letter) {
      case '"', '\\', '/' -> (char) letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("an escape that is none of JSON's");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw wrong("\\u without four hexadecimal digits");
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  private void skipSpace() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) {
      at++;
    }
  }

  private void require(char expected) {
    if (peek() != expected) {
      throw wrong("something else where \"" + expected + "\" belongs");
    }
    at++;
  }

  /** The next byte; -1 at the end. */
  private int peek() {
    return at < text.length ? text[at] & 0xff : -1;
  }
}
