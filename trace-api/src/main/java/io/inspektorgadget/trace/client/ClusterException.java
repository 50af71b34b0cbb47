// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import org.jspecify.annotations.Nullable;

/** A cluster cannot be found or does not do what it was asked for. The message is for the user. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the whole text for the user and what led to it. */
  public ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
