// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParameterValue;
import io.inspektorgadget.tracers.format.SignalNames;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a parameter's value, as the C variable holds them, in the machine's byte order. */
final class ParameterEncoding {
  private static final int IPV4_SIZE_BYTES = 4;
  private static final int IP_VERSION_OFFSET_BYTES = 16;

  private ParameterEncoding() {}

  /**
   * Encodes a value that fits the parameter.
   *
   * @throws GadgetException if it names a signal that this kernel does not have
   */
  static byte[] encode(ParamSpec parameter, ParameterValue value) {
    // A switch over types is linked when it first runs, which takes milliseconds of every start.
    if (value instanceof ParameterValue.Switch(boolean isOn)) {
      return new byte[] {(byte) (isOn ? 1 : 0)};
    }
    if (value instanceof ParameterValue.Whole(BigInteger number)) {
      return integer(parameter, number.longValue());
    }
    if (value instanceof ParameterValue.SignalName(String name)) {
      return integer(parameter, signal(parameter, name));
    }
    if (value instanceof ParameterValue.Decimal(double number, var _)) {
      return floating(parameter, number);
    }
    if (value instanceof ParameterValue.Text(String text)) {
      return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), parameter.sizeBytes());
    }
    if (value instanceof ParameterValue.Address(InetAddress address, var _)) {
      return endpoint(parameter, address.getAddress());
    }
    throw new IllegalArgumentException("a list has no variable: " + parameter.key());
  }

  private static byte[] integer(ParamSpec parameter, long number) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(number);
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

  private static long signal(ParamSpec parameter, String name) {
    return SignalNames.number(name)
        .orElseThrow(() ->
            new GadgetException(
                "reading --"
                    + parameter.key()
                    + ": \""
                    + name
                    + "\" is no signal; write a number or a name such as SIGTERM"));
  }

  private static byte[] floating(ParamSpec parameter, double number) {
    ByteBuffer buffer = ByteBuffer.allocate(parameter.sizeBytes()).order(ByteOrder.nativeOrder());
    if (parameter.sizeBytes() == Float.BYTES) {
      buffer.putFloat((float) number);
    } else {
      buffer.putDouble(number);
    }
    return buffer.array();
  }

  /** A gadget_l3endpoint_t: 16 bytes of address in network order, then the version. */
  private static byte[] endpoint(ParamSpec parameter, byte[] address) {
    byte[] endpoint = Arrays.copyOf(address, parameter.sizeBytes());
    endpoint[IP_VERSION_OFFSET_BYTES] = (byte) (address.length == IPV4_SIZE_BYTES ? 4 : 6);
    return endpoint;
  }
}
