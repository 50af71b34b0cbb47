// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.tracers.format.SignalNames;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/** The bytes of a parameter's value, as the C variable holds them, in the machine's byte order. */
final class ParameterEncoding {
  private static final int IPV4_SIZE_BYTES = 4;
  private static final int IP_VERSION_OFFSET_BYTES = 16;

  private ParameterEncoding() {}

  /**
   * Encodes a value.
   *
   * @throws GadgetException if it does not fit the parameter's type or size
   */
  static byte[] encode(ParamSpec parameter, String value) {
    return switch (parameter.kind()) {
      case BOOL -> new byte[] {(byte) (bool(parameter, value) ? 1 : 0)};
      case INT -> integer(parameter, value, true);
      case UINT -> integer(parameter, value, false);
      case SIGNAL -> integer(parameter, signal(parameter, value), false);
      case FLOAT -> floating(parameter, value);
      case STRING -> text(parameter, value);
      case IP_ADDRESS -> address(parameter, value);
      case UINT_LIST, NAME_LIST ->
          throw new IllegalArgumentException("a list has no variable: " + parameter.key());
    };
  }

  private static boolean bool(ParamSpec parameter, String value) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw wrong(parameter, value, "write true or false");
    };
  }

  private static byte[] integer(ParamSpec parameter, String value, boolean signed) {
    BigInteger number;
    try {
      boolean hex = value.startsWith("0x");
      number = hex ? new BigInteger(value.substring(2), 16) : new BigInteger(value);
    } catch (NumberFormatException e) {
      throw wrong(parameter, value, "write a whole number");
    }
    int bits = parameter.sizeBytes() * Byte.SIZE;
    BigInteger min = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
    BigInteger max = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
    if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
      throw wrong(parameter, value, "write a number from " + min + " to " + max);
    }
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(number.longValue());
    byte[] little = Arrays.copyOf(buffer.array(), parameter.sizeBytes());
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? little : reversed(little);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static String signal(ParamSpec parameter, String value) {
    if (!value.startsWith("SIG")) {
      return value;
    }
    OptionalLong number = SignalNames.number(value);
    if (number.isEmpty()) {
      throw wrong(parameter, value, "write a number or a name such as SIGTERM");
    }
    return Long.toString(number.getAsLong());
  }

  private static byte[] floating(ParamSpec parameter, String value) {
    double number;
    try {
      number = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw wrong(parameter, value, "write a number");
    }
    ByteBuffer buffer = ByteBuffer.allocate(parameter.sizeBytes()).order(ByteOrder.nativeOrder());
    if (parameter.sizeBytes() == Float.BYTES) {
      buffer.putFloat((float) number);
    } else {
      buffer.putDouble(number);
    }
    return buffer.array();
  }

  private static byte[] text(ParamSpec parameter, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= parameter.sizeBytes()) {
      throw wrong(
          parameter, value, "it may have at most " + (parameter.sizeBytes() - 1) + " bytes");
    }
    return Arrays.copyOf(bytes, parameter.sizeBytes());
  }

  /** A gadget_l3endpoint_t: 16 bytes of address in network order, then the version. */
  private static byte[] address(ParamSpec parameter, String value) {
    boolean literal = value.contains(":") || value.matches("[0-9]+(\\.[0-9]+){3}");
    if (!literal) {
      throw wrong(parameter, value, "write an IPv4 or IPv6 address");
    }
    try {
      byte[] address = InetAddress.getByName(value).getAddress();
      byte[] endpoint = Arrays.copyOf(address, parameter.sizeBytes());
      endpoint[IP_VERSION_OFFSET_BYTES] = (byte) (address.length == IPV4_SIZE_BYTES ? 4 : 6);
      return endpoint;
    } catch (UnknownHostException e) {
      throw wrong(parameter, value, "write an IPv4 or IPv6 address");
    }
  }

  static GadgetException wrong(ParamSpec parameter, String value, String fix) {
    return new GadgetException("setting --" + parameter.key() + " to \"" + value + "\": " + fix);
  }
}
