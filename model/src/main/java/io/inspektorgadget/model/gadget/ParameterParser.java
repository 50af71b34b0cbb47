// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.text.NearestName;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the values of one parameter. */
final class ParameterParser {
  private static final int COMM_MAX_BYTES = 15;
  private static final BigInteger UINT32_MAX = unsignedMax(Integer.SIZE);

  // Compiled where they are needed: a start reads a few values and none of most kinds.
  private static final String WHOLE = "[+-]?[0-9]{1,40}";
  private static final String HEXADECIMAL = "0[xX][0-9a-fA-F]{1,40}";
  private static final String DECIMAL = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";
  private static final String SIGNAL = "SIG[A-Z0-9]+([+-][0-9]+)?";
  private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
  private static final String IPV6 = "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";

  private static final String ADDRESS_FIX = "write one such as 10.0.0.1 or fd00::1";

  private final ParamSpec parameter;
  private final String flag;

  ParameterParser(ParamSpec parameter, String flag) {
    this.parameter = parameter;
    this.flag = flag;
  }

  ParameterValue parse(String text) {
    List<String> possible = parameter.possibleValues();
    if (!possible.isEmpty() && !possible.contains(text)) {
      throw wrong(
          text,
          "is none of its values; write "
              + String.join(", ", possible)
              + NearestName.suggestion(text, possible));
    }
    int bits = parameter.sizeBytes() * Byte.SIZE;
    return switch (parameter.kind()) {
      case BOOL -> truth(text);
      case INT -> {
        BigInteger limit = BigInteger.ONE.shiftLeft(bits - 1);
        yield whole(text, limit.negate(), limit.subtract(BigInteger.ONE));
      }
      case UINT -> whole(text, BigInteger.ZERO, unsignedMax(bits));
      case SIGNAL -> signal(text, bits);
      case FLOAT -> decimal(text);
      case STRING -> {
        checkLength(text, parameter.sizeBytes() - 1);
        yield new ParameterValue.Text(text);
      }
      case IP_ADDRESS -> address(text);
      case UINT_LIST -> numbers(text);
      case NAME_LIST -> names(text);
    };
  }

  private static BigInteger unsignedMax(int bits) {
    return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
  }

  private ParameterValue truth(String text) {
    return switch (text) {
      case "true", "1" -> new ParameterValue.Switch(true);
      case "false", "0" -> new ParameterValue.Switch(false);
      default -> throw wrong(text, "is neither true nor false; write one of them");
    };
  }

  private ParameterValue.Whole whole(String text, BigInteger min, BigInteger max) {
    BigInteger number;
    if (text.matches(WHOLE)) {
      number = new BigInteger(text);
    } else if (text.matches(HEXADECIMAL)) {
      number = new BigInteger(text.substring(2), 16);
    } else {
      throw wrong(text, "is no whole number; write one from " + min + " to " + max);
    }
    if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
      throw wrong(text, "is out of range; write a whole number from " + min + " to " + max);
    }
    return new ParameterValue.Whole(number);
  }

  private ParameterValue signal(String text, int bits) {
    if (!text.startsWith("SIG")) {
      return whole(text, BigInteger.ZERO, unsignedMax(bits));
    }
    if (!text.matches(SIGNAL)) {
      throw wrong(text, "is no signal; write a number or a name such as SIGTERM");
    }
    return new ParameterValue.SignalName(text);
  }

  private ParameterValue decimal(String text) {
    if (!text.matches(DECIMAL)) {
      throw wrong(text, "is no number; write one such as 0.5");
    }
    double number = Double.parseDouble(text);
    boolean fits =
        parameter.sizeBytes() == Float.BYTES
            ? Float.isFinite((float) number)
            : Double.isFinite(number);
    if (!fits) {
      throw wrong(text, "is out of range; write a number nearer to 0");
    }
    return new ParameterValue.Decimal(number, text);
  }

  private void checkLength(String text, int maxBytes) {
    if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw wrong(text, "is too long; write at most " + maxBytes + " bytes");
    }
  }

  private ParameterValue address(String text) {
    if (!text.matches(IPV4) && !text.matches(IPV6)) {
      throw wrong(text, "is no IP address; " + ADDRESS_FIX);
    }
    try {
      return new ParameterValue.Address(InetAddress.ofLiteral(text), text);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "is no IP address; " + ADDRESS_FIX);
    }
  }

  private ParameterValue numbers(String text) {
    ValueList list = list(text);
    return new ParameterValue.Numbers(numbers(list.included()), numbers(list.excluded()), text);
  }

  private List<Long> numbers(List<String> elements) {
    List<Long> numbers = new ArrayList<>();
    for (String element : elements) {
      numbers.add(whole(element, BigInteger.ZERO, UINT32_MAX).number().longValue());
    }
    return numbers;
  }

  private ParameterValue names(String text) {
    ValueList list = list(text);
    list.included().forEach(name -> checkLength(name, COMM_MAX_BYTES));
    list.excluded().forEach(name -> checkLength(name, COMM_MAX_BYTES));
    return new ParameterValue.Names(list.included(), list.excluded(), text);
  }

  private ValueList list(String text) {
    try {
      return ValueList.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "is a list with an empty element; write a,b or '!a'");
    }
  }

  private GadgetException wrong(String text, String why) {
    return new GadgetException("reading " + flag + ": \"" + text + "\" " + why);
  }
}
