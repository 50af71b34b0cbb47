// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a Trace is. */
public enum TraceState {
  /** It runs. */
  @JsonProperty("Started")
  STARTED("Started"),
  /** It was stopped, or has ended with an error. */
  @JsonProperty("Stopped")
  STOPPED("Stopped"),
  /** It has given its one result. */
  @JsonProperty("Completed")
  COMPLETED("Completed");

  private final String word;

  TraceState(String word) {
    this.word = word;
  }

  /** As resources write it. */
  public String word() {
    return word;
  }
}
