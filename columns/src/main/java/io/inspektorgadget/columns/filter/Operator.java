// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.filter;

/** What a term of a filter asks of a value. */
enum Operator {
  EQUAL("=="),
  NOT_EQUAL("!="),
  GREATER_OR_EQUAL(">="),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  LESS("<"),
  MATCHES("~"),
  MATCHES_NOT("!~");

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }

  boolean isRegex() {
    return this == MATCHES || this == MATCHES_NOT;
  }

  /** True if a value that compares so with the wanted one is kept. */
  boolean accepts(int comparison) {
    return switch (this) {
      case EQUAL, MATCHES -> comparison == 0;
      case NOT_EQUAL, MATCHES_NOT -> comparison != 0;
      case GREATER_OR_EQUAL -> comparison >= 0;
      case LESS_OR_EQUAL -> comparison <= 0;
      case GREATER -> comparison > 0;
      case LESS -> comparison < 0;
    };
  }

  /** True if it is an order and not an equality or a match. */
  boolean isOrder() {
    return switch (this) {
      case GREATER_OR_EQUAL, LESS_OR_EQUAL, GREATER, LESS -> true;
      default -> false;
    };
  }

  /** True for {@code !=} and {@code !~}: what an absent value satisfies. */
  boolean isNegative() {
    return this == NOT_EQUAL || this == MATCHES_NOT;
  }

  Operator negated() {
    return switch (this) {
      case EQUAL -> NOT_EQUAL;
      case NOT_EQUAL -> EQUAL;
      case GREATER_OR_EQUAL -> LESS;
      case LESS_OR_EQUAL -> GREATER;
      case GREATER -> LESS_OR_EQUAL;
      case LESS -> GREATER_OR_EQUAL;
      case MATCHES -> MATCHES_NOT;
      case MATCHES_NOT -> MATCHES;
    };
  }
}
