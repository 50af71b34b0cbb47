// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.event;

/** Why a run is over. */
public sealed interface EndCause {

  /** It was closed by its owner. */
  record Stopped() implements EndCause {}

  /** Its time limit has passed. */
  record TimedOut() implements EndCause {}

  /** It had one answer and has given it. */
  record Completed() implements EndCause {}

  /** It could not go on. */
  record Failed(Throwable cause) implements EndCause {}
}
