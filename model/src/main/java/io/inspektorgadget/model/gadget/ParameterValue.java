// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;

/**
 * What a user wrote for a parameter, understood: the same on a laptop that only checks it as on the
 * host that hands it to the kernel. Immutable.
 */
public sealed interface ParameterValue {

  /** The value in its one written form, whatever form the user chose: decimal, true, false. */
  String text();

  /** A switch. */
  record Switch(boolean isOn) implements ParameterValue {
    @Override
    public String text() {
      return Boolean.toString(isOn);
    }
  }

  /** A whole number that fits the parameter's variable. */
  record Whole(BigInteger number) implements ParameterValue {
    @Override
    public String text() {
      return number.toString();
    }
  }

  /** A signal by its name; which number it has, and whether any, only the kernel's side knows. */
  record SignalName(String name) implements ParameterValue {
    @Override
    public String text() {
      return name;
    }
  }

  /** A finite number for a float or double. */
  record Decimal(double number, String text) implements ParameterValue {}

  /** A text that fits its array with the NUL behind it. */
  record Text(String text) implements ParameterValue {}

  /** An IPv4 or IPv6 address. */
  record Address(InetAddress address, String text) implements ParameterValue {}

  /**
   * A list of unsigned 32-bit numbers.
   *
   * @param included these are wanted, all if empty; unmodifiable
   * @param excluded these are not; unmodifiable
   */
  record Numbers(List<Long> included, List<Long> excluded, String text) implements ParameterValue {
    public Numbers {
      included = List.copyOf(included);
      excluded = List.copyOf(excluded);
    }
  }

  /**
   * A list of names of at most 15 bytes.
   *
   * @param included these are wanted, all if empty; unmodifiable
   * @param excluded these are not; unmodifiable
   */
  record Names(List<String> included, List<String> excluded, String text)
      implements ParameterValue {
    public Names {
      included = List.copyOf(included);
      excluded = List.copyOf(excluded);
    }
  }

  /**
   * Understands what a user wrote for a parameter.
   *
   * @param flag what the user calls the parameter, such as {@code --pid}; begins the message
   * @throws GadgetException if the parameter cannot take it; the message says why and what it takes
   */
  static ParameterValue parse(ParamSpec parameter, String flag, String text) {
    return new ParameterParser(parameter, flag).parse(text);
  }
}
