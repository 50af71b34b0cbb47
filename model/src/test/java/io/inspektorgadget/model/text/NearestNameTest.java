// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> NAMES =
      List.of("proc.comm", "comm", "pid", "proc.parent.comm", "fname", "fd");

  @Test
  void aTypingErrorIsRecognised() {
    assertThat(NearestName.of("fnmae", NAMES)).isEqualTo("fname");
    assertThat(NearestName.of("FNAME", NAMES)).isEqualTo("fname");
    assertThat(NearestName.of("com", NAMES)).isEqualTo("comm");
    assertThat(NearestName.of("pdi", NAMES)).isEqualTo("pid");
    assertThat(NearestName.of("proc.com", NAMES)).isEqualTo("proc.comm");
  }

  @Test
  void theLastPartOfANameIsEnough() {
    assertThat(NearestName.of("parent.comm", NAMES)).isEqualTo("proc.parent.comm");
  }

  @Test
  void nothingIsSuggestedForSomethingElse() {
    assertThat(NearestName.of("latency", NAMES)).isNull();
    assertThat(NearestName.of("x", NAMES)).isNull();
    assertThat(NearestName.of("", NAMES)).isNull();
    assertThat(NearestName.suggestion("latency", NAMES)).isEmpty();
    assertThat(NearestName.suggestion("fnam", NAMES)).isEqualTo("; did you mean fname?");
  }
}
