// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.tracers.event.RecordBytes;
import io.inspektorgadget.tracers.event.RecordView;
import io.inspektorgadget.tracers.event.SourceDraft;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointFormattersTest {
  private static final int ADDRESS = 0;
  private static final int VERSION = 1;
  private static final int PORT = 2;
  private static final int SIZE_BYTES = 19;

  /** An endpoint as the kernel writes it; {@code hex} may be shorter than an address. */
  private static RecordView endpoint(String hex, int version, int port) {
    RecordView view =
        new SourceDraft()
            .text("addr_raw", FieldType.BYTES, Encoding.FIXED, 0, 16)
            .number("version", FieldType.UINT8, "", 16)
            .number("port", FieldType.UINT16, "", 17)
            .view();
    return new RecordBytes(SIZE_BYTES)
        .bytesAt(0, HexFormat.of().parseHex(hex))
        .byteAt(16, version)
        .shortAt(17, port)
        .on(view);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000, 0.0.0.0",
    "7f000001, 127.0.0.1",
    "ffffffff, 255.255.255.255",
    "0a01ff80, 10.1.255.128",
    "0a00000100000000000000000000dead, 10.0.0.1"
  })
  void ipv4(String hex, String expected) {
    RecordView view = endpoint(hex, 4, 0);
    assertThat(Formatted.text(EndpointFormatters.address(ADDRESS, VERSION), view))
        .isEqualTo(expected);
  }

  /** RFC 5952, section 4: lower case, no leading zeroes, the longest run of zeroes left out. */
  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000, ::",
    "00000000000000000000000000000001, ::1",
    "fe800000000000000000000000000000, fe80::",
    "20010db8000000000000000000000001, 2001:db8::1",
    "20010DB800000000000000000002AAAA, 2001:db8::2:aaaa",
    "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1", // one group is not shortened
    "20010db8000000000001000000000001, 2001:db8::1:0:0:1", // the first of equal runs
    "20010000000000010000000000000001, 2001:0:0:1::1", // the longer one
    "00010002000300040005000600070008, 1:2:3:4:5:6:7:8",
    "00010002000300040005000600000000, 1:2:3:4:5:6::",
    "00000000000300040005000600070008, ::3:4:5:6:7:8",
    "00010000000000000000000000000008, 1::8",
    "ffffffffffffffffffffffffffffffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "00000000000000000000ffffc0000201, ::ffff:192.0.2.1", // section 5
    "00000000000000000001ffffc0000201, ::1:ffff:c000:201"
  })
  void ipv6(String hex, String expected) {
    RecordView view = endpoint(hex, 6, 0);
    assertThat(Formatted.text(EndpointFormatters.address(ADDRESS, VERSION), view))
        .isEqualTo(expected);
  }

  @Test
  void endpointsHaveAPort() {
    var formatter = EndpointFormatters.endpoint(ADDRESS, VERSION, PORT);
    assertThat(Formatted.text(formatter, endpoint("0a000001", 4, 80))).isEqualTo("10.0.0.1:80");
    assertThat(Formatted.text(formatter, endpoint("", 6, 65_535))).isEqualTo("[::]:65535");
    assertThat(Formatted.text(formatter, endpoint("0a000001", 4, 0))).isEqualTo("10.0.0.1:0");
  }

  @Test
  void anAddressThatIsCutOffIsEmpty() {
    RecordView view = endpoint("0a000001", 4, 80);
    view.wrap(view.memory(), view.recordOffset(), 15, null);
    assertThat(Formatted.text(EndpointFormatters.endpoint(ADDRESS, VERSION, PORT), view)).isEmpty();
  }

  @Test
  void noAddressBelongsToTheOneBefore() {
    var formatter = EndpointFormatters.address(ADDRESS, VERSION);
    assertThat(Formatted.text(formatter, endpoint("ff".repeat(16), 6, 0))).startsWith("ffff:");
    assertThat(Formatted.text(formatter, endpoint("", 6, 0))).isEqualTo("::");
  }

  @ParameterizedTest
  @CsvSource({
    "1, ICMP",
    "6, TCP",
    "17, UDP",
    "58, ICMPV6",
    "132, SCTP",
    "0, proto#0",
    "7, proto#7"
  })
  void protocols(long number, String expected) {
    assertThat(Formatted.number(EndpointFormatters.protocol(0), number)).isEqualTo(expected);
  }
}
