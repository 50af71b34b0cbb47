// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * What became of a Trace. Texts are empty where there is nothing to say.
 *
 * @param state how far it is; null before its first operation
 * @param output the result, for the output mode Status
 * @param operationError why the last operation did not work, or the Trace cannot be performed
 * @param operationWarning what should be known of the last operation, which did work
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TraceStatus(
    @JsonPropertyDescription("How far it is; absent before the first operation.")
        @Nullable TraceState state,
    @JsonPropertyDescription("The result, for the output mode Status.") String output,
    @JsonPropertyDescription("Why the last operation did not work.") String operationError,
    @JsonPropertyDescription("What should be known of the last operation.")
        String operationWarning) {

  /** Nothing became of it yet. */
  public static final TraceStatus EMPTY = new TraceStatus(null, "", "", "");

  public TraceStatus(
      @Nullable TraceState state,
      @Nullable String output,
      @Nullable String operationError,
      @Nullable String operationWarning) {
    this.state = state;
    this.output = TraceText.orEmpty(output);
    this.operationError = TraceText.orEmpty(operationError);
    this.operationWarning = TraceText.orEmpty(operationWarning);
  }

  /** The same with that error and no warning. */
  public TraceStatus withError(String error) {
    return new TraceStatus(state, output, error, "");
  }

  /** The same with that warning. */
  public TraceStatus withWarning(String warning) {
    return new TraceStatus(state, output, operationError, warning);
  }

  /** The outcome of an operation that has worked. */
  public static TraceStatus of(TraceState state, String output) {
    return new TraceStatus(state, output, "", "");
  }
}
