// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who starts a Trace. */
public enum RunMode {
  /** It starts at once, and goes on until it is deleted. */
  @JsonProperty("Auto")
  AUTO("Auto"),
  /** It waits for an operation. */
  @JsonProperty("Manual")
  MANUAL("Manual");

  private final String word;

  RunMode(String word) {
    this.word = word;
  }

  /** As resources write it. */
  public String word() {
    return word;
  }
}
