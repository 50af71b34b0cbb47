// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.util.HashMap;
import java.util.Map;

/**
 * Texts for addresses and endpoints. The fields of a {@code gadget_l4endpoint_t} lie side by side:
 * {@code addr_raw} (16 bytes in network order, an IPv4 address in the first 4), {@code port} (host
 * order), {@code proto_raw}, {@code version} (4 or 6).
 */
final class EndpointFormatters {
  private static final int IPV4 = 4;
  private static final int IPV4_SIZE_BYTES = 4;
  private static final int GROUPS = 8;
  private static final int MAPPED_PREFIX_GROUPS = 5;

  private EndpointFormatters() {}

  /**
   * An address.
   *
   * @param address index of the field with the 16 bytes
   * @param version index of the field that says 4 or 6
   */
  static FieldFormatter address(int address, int version) {
    return new AddressFormatter(address, version, -1);
  }

  /** An address and a port: {@code 10.0.0.1:80}, {@code [::1]:80}. */
  static FieldFormatter endpoint(int address, int version, int port) {
    return new AddressFormatter(address, version, port);
  }

  /** A protocol's name; include/uapi/linux/in.h. */
  static FieldFormatter protocol(int source) {
    Map<Long, String> names = new HashMap<>();
    names.put(1L, "ICMP");
    names.put(2L, "IGMP");
    names.put(6L, "TCP");
    names.put(17L, "UDP");
    names.put(58L, "ICMPV6");
    names.put(132L, "SCTP");
    names.put(255L, "RAW");
    return new NamedNumberFormatter(source, names, "proto#", true);
  }

  private static final class AddressFormatter implements FieldFormatter {
    private final int address;
    private final int version;
    private final int port;
    private final TextBuffer raw = new TextBuffer(16);

    AddressFormatter(int address, int version, int port) {
      this.address = address;
      this.version = version;
      this.port = port;
    }

    @Override
    public void format(RecordView view, TextBuffer out) {
      raw.clear();
      view.textAt(address, raw);
      if (raw.length() < 2 * GROUPS) {
        return;
      }
      if (view.longAt(version) == IPV4) {
        writeIpv4(0, out);
      } else if (port < 0) {
        writeIpv6(out);
      } else {
        out.append('[');
        writeIpv6(out);
        out.append(']');
      }
      if (port >= 0) {
        out.append(':').appendDecimal(view.longAt(port));
      }
    }

    private void writeIpv4(int offset, TextBuffer out) {
      for (int i = 0; i < IPV4_SIZE_BYTES; i++) {
        if (i > 0) {
          out.append('.');
        }
        out.appendDecimal(raw.array()[offset + i] & 0xff);
      }
    }

    /** True for ::ffff:0:0/96, an IPv4 peer of an IPv6 socket. */
    private boolean isMappedIpv4() {
      for (int i = 0; i < MAPPED_PREFIX_GROUPS; i++) {
        if (group(i) != 0) {
          return false;
        }
      }
      return group(MAPPED_PREFIX_GROUPS) == 0xffff;
    }

    private int group(int i) {
      return (raw.array()[2 * i] & 0xff) << 8 | (raw.array()[2 * i + 1] & 0xff);
    }

    /**
     * RFC 5952: the longest run of two or more zero groups is left out, the first of equals; a
     * mapped IPv4 address ends in dots.
     */
    private void writeIpv6(TextBuffer out) {
      if (isMappedIpv4()) {
        out.appendAscii("::ffff:");
        writeIpv4(2 * (MAPPED_PREFIX_GROUPS + 1), out);
        return;
      }
      int start = -1;
      int length = 1;
      for (int i = 0; i < GROUPS; i++) {
        int run = i;
        while (run < GROUPS && group(run) == 0) {
          run++;
        }
        if (run - i > length) {
          start = i;
          length = run - i;
        }
      }
      for (int i = 0; i < GROUPS; i++) {
        if (i == start) {
          out.append(':').append(':');
          i += length - 1;
          continue;
        }
        if (i > 0 && i != start + length) {
          out.append(':');
        }
        out.appendHex(group(i));
      }
    }
  }
}
