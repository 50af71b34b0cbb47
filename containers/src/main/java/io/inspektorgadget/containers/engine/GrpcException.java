// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A call was answered by an error. */
final class GrpcException extends IOException {
  private static final long serialVersionUID = 1;
  private static final String OK = "0";
  private static final String NOT_FOUND = "5";
  private static final String UNIMPLEMENTED = "12";

  private final String status;

  private GrpcException(String message, String status) {
    super(message);
    this.status = status;
  }

  /**
   * Looks at how a call ended.
   *
   * @param headers what came before and after the answer
   * @throws GrpcException if it did not end well
   */
  static void check(Path socket, String method, Map<String, String> headers) throws GrpcException {
    String status = headers.getOrDefault("grpc-status", "");
    if (!status.equals(OK)) {
      String cause =
          headers.getOrDefault(
              "grpc-message", "HTTP status " + headers.getOrDefault(":status", "unknown"));
      throw new GrpcException("asking " + socket + " for " + method + ": " + cause, status);
    }
  }

  /** True if it does not know what was asked for. */
  boolean isNotFound() {
    return status.equals(NOT_FOUND);
  }

  /** True if it does not know the method. */
  boolean isUnimplemented() {
    return status.equals(UNIMPLEMENTED);
  }
}
