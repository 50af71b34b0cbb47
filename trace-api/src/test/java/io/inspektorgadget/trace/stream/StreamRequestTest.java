// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamRequestTest {

  @Test
  void eachRequestIsReadAsItIsWritten() {
    for (StreamRequest request :
        List.of(
            new StreamRequest.Receive("trace_gadget_web-x.1", 0),
            new StreamRequest.Receive("trace_a_b", Long.MAX_VALUE),
            new StreamRequest.Receive("trace_a_b", 0, 1),
            new StreamRequest.Receive("trace_a_b", 7, StreamRequest.WAIT_MAX_S),
            new StreamRequest.Dump(StreamRequest.Subject.CONTAINERS),
            new StreamRequest.Dump(StreamRequest.Subject.TRACES),
            new StreamRequest.Dump(StreamRequest.Subject.ALL),
            new StreamRequest.Liveness())) {
      assertThat(StreamRequest.parse(request.line())).isEqualTo(request);
      assertThat(StreamRequest.parse("  " + request.line().replace(" ", "\t ") + "\r"))
          .isEqualTo(request);
    }
  }

  @Test
  void whatIsNoRequestIsRefusedWithWhatToWrite() {
    for (String line :
        List.of(
            "receive-stream",
            "receive-stream a from",
            "receive-stream a from 1 2",
            "receive-stream a to 1")) {
      assertThatThrownBy(() -> StreamRequest.parse(line))
          .as(line)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("write receive-stream TRACERID");
    }
    for (String seq : List.of("0", "-1", "x", "9223372036854775808", "1.5")) {
      assertThatThrownBy(() -> StreamRequest.parse("receive-stream a from " + seq))
          .as(seq)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("numbered from 1");
    }
    for (String seconds : List.of("0", "-1", "x", "301", "4294967297", "1.5")) {
      assertThatThrownBy(() -> StreamRequest.parse("receive-stream a wait " + seconds))
          .as(seconds)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 1 to 300");
    }
    for (String line : List.of("dump", "dump stacks", "dump ALL", "dump all all")) {
      assertThatThrownBy(() -> StreamRequest.parse(line))
          .as(line)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dump all");
    }
    assertThatThrownBy(() -> StreamRequest.parse("liveness now"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StreamRequest.parse("receive-stream ../x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters");
  }

  @Test
  void anyTextIsARequestOrRefused() {
    Random random = new Random(7);
    String[] pieces = {
      "receive-stream",
      "dump",
      "liveness",
      "from",
      "wait",
      "all",
      "traces",
      " ",
      "\t",
      "1",
      "-",
      "trace_a_b",
      "\u0000",
      "\ud83d",
      "é",
      "{",
      "99999999999999999999"
    };
    int requests = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder line = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        line.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        StreamRequest request = StreamRequest.parse(line.toString());
        assertThat(StreamRequest.parse(request.line())).isEqualTo(request);
        requests++;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("reading a request: ");
        assertThat(e.getMessage()).isPrintable();
      }
    }
    assertThat(requests).isPositive();
  }
}
