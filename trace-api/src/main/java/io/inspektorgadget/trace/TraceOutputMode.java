// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the result of a Trace is delivered. */
public enum TraceOutputMode {
  /** As a text in its status. */
  @JsonProperty("Status")
  STATUS("Status"),
  /** As lines that are read in the gadget pod of its node. */
  @JsonProperty("Stream")
  STREAM("Stream"),
  /** In a file. */
  @JsonProperty("File")
  FILE("File"),
  /** As another resource. */
  @JsonProperty("ExternalResource")
  EXTERNAL_RESOURCE("ExternalResource");

  private final String word;

  TraceOutputMode(String word) {
    this.word = word;
  }

  /** As resources write it. */
  public String word() {
    return word;
  }
}
