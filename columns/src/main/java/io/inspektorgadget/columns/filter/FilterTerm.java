// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.filter;

import io.inspektorgadget.columns.text.SafeText;

/**
 * One term of a filter as written: a name, an operator, a value.
 *
 * @param text the term as the user wrote it, for errors
 * @param name the field's name
 * @param operator what is asked
 * @param value the value or regular expression to compare with
 */
record FilterTerm(String text, String name, Operator operator, String value) {

  /** Reads one term; commas have been dealt with. */
  static FilterTerm parse(String text) {
    int end = 0;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    String name = text.substring(0, end);
    String rest = text.substring(end);
    if (name.isEmpty()) {
      throw problem(text, "no field stands before the operator; write field==value");
    }
    if (rest.startsWith(":")) {
      return rule(text, name, rest.substring(1));
    }
    for (Operator operator : Operator.values()) {
      if (rest.startsWith(operator.sign())) {
        return new FilterTerm(text, name, operator, rest.substring(operator.sign().length()));
      }
    }
    if (rest.startsWith("=") && rest.length() > 1) {
      throw problem(
          text,
          "no operator begins with a single \"=\"; did you mean " + suggested(name, rest) + "?");
    }
    throw problem(
        text,
        (rest.isEmpty() ? "no operator" : "no operator begins with \"" + SafeText.of(rest) + '"')
            + "; the operators are == != >= <= > < ~ !~ and, in column:rule, ! ~ >= <= > <");
  }

  /** What somebody most likely means who writes {@code =x}, {@code =>x} or {@code =~x}. */
  private static String suggested(String name, String rest) {
    String value = rest.substring(1);
    String operator =
        switch (value.charAt(0)) {
          case '>' -> ">=";
          case '<' -> "<=";
          case '~' -> "~";
          default -> "==";
        };
    return SafeText.of(name + operator + (operator.equals("==") ? value : value.substring(1)));
  }

  /** The older form: an optional {@code !}, then an optional operator, then the value. */
  private static FilterTerm rule(String text, String name, String rule) {
    boolean negated = rule.startsWith("!");
    String rest = negated ? rule.substring(1) : rule;
    Operator operator = Operator.EQUAL;
    int signLength = 0;
    for (Operator candidate : Operator.values()) {
      boolean isSign = candidate.isOrder() || candidate == Operator.MATCHES;
      if (signLength == 0 && isSign && rest.startsWith(candidate.sign())) {
        operator = candidate;
        signLength = candidate.sign().length();
      }
    }
    String value = rest.substring(signLength);
    return new FilterTerm(text, name, negated ? operator.negated() : operator, value);
  }

  FilterException problem(String what) {
    return problem(text, what);
  }

  static FilterException problem(String text, String what) {
    return new FilterException("reading the filter \"" + SafeText.of(text) + "\": " + what);
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-';
  }
}
