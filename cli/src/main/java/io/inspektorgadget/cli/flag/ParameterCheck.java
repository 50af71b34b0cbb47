// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.text.NearestName;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Says of a parameter's text whether the gadget can take it, before anything is started: on a
 * laptop as on the host.
 */
final class ParameterCheck {
  private static final int COMM_MAX_BYTES = 15;
  private static final BigInteger UINT32_MAX =
      BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);

  private final ParamSpec parameter;
  private final String flagName;
  private final String text;

  private ParameterCheck(ParamSpec parameter, String flagName, String text) {
    this.parameter = parameter;
    this.flagName = flagName;
    this.text = text;
  }

  /**
   * Checks one value.
   *
   * @throws UsageException if the parameter cannot take it
   */
  static void check(ParamSpec parameter, String flagName, String text) {
    new ParameterCheck(parameter, flagName, text).run();
  }

  private void run() {
    if (!parameter.possibleValues().isEmpty() && !parameter.possibleValues().contains(text)) {
      String nearest = NearestName.of(text, parameter.possibleValues());
      String allowed = String.join(", ", parameter.possibleValues());
      throw wrong(
          "none of its values", nearest == null ? allowed : nearest + " (all: " + allowed + ")");
    }
    int bits = 8 * parameter.sizeBytes();
    switch (parameter.kind()) {
      case BOOL -> checkBoolean();
      case INT -> {
        BigInteger limit = BigInteger.ONE.shiftLeft(bits - 1);
        checkWhole(text, limit.negate(), limit.subtract(BigInteger.ONE));
      }
      case UINT ->
          checkWhole(
              text, BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
      case SIGNAL -> checkSignal(bits);
      case FLOAT -> checkFloat();
      case STRING -> checkBytes(text, parameter.sizeBytes() - 1);
      case IP_ADDRESS -> checkAddress();
      case UINT_LIST, NAME_LIST -> checkList();
    }
  }

  /** Names are looked up where the gadget runs: what signals there are is the kernel's business. */
  private void checkSignal(int bits) {
    if (!text.startsWith("SIG")) {
      checkWhole(text, BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    }
  }

  private void checkBoolean() {
    if (!text.equals("true") && !text.equals("false")) {
      throw wrong("neither true nor false", flagName + " or " + flagName + "=false");
    }
  }

  private void checkWhole(String number, BigInteger min, BigInteger max) {
    BigInteger value = whole(number);
    if (value == null) {
      throw wrong(number, "no whole number", "one from " + min + " to " + max);
    }
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw wrong(number, "out of range", "a whole number from " + min + " to " + max);
    }
  }

  private static @Nullable BigInteger whole(String number) {
    try {
      return new BigInteger(number);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private void checkFloat() {
    try {
      Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong("no number", "one such as 0.5");
    }
  }

  private void checkBytes(String value, int maxBytes) {
    if (value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw wrong(value, "too long", "at most " + maxBytes + " bytes");
    }
  }

  private void checkAddress() {
    boolean mayBeAddress = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      mayBeAddress &= Character.digit(c, 16) >= 0 || c == '.' || c == ':';
    }
    if (!mayBeAddress || (text.indexOf('.') < 0 && text.indexOf(':') < 0)) {
      throw wrong("no IP address", "one such as 10.0.0.1 or fd00::1");
    }
  }

  private void checkList() {
    for (String element : text.split(",", -1)) {
      String value = element.strip();
      String wanted = value.startsWith("!") ? value.substring(1) : value;
      if (wanted.isEmpty()) {
        throw wrong("a list with an empty element", "a,b or '!a'");
      }
      if (parameter.kind() == ParamSpec.Kind.NAME_LIST) {
        checkBytes(wanted, COMM_MAX_BYTES);
      } else {
        checkWhole(wanted, BigInteger.ZERO, UINT32_MAX);
      }
    }
  }

  private UsageException wrong(String what, String instead) {
    return wrong(text, what, instead);
  }

  private UsageException wrong(String value, String what, String instead) {
    return new UsageException(
        "reading " + flagName + ": \"" + value + "\" is " + what + "; write " + instead);
  }
}
