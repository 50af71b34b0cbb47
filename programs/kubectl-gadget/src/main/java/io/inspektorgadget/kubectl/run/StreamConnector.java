// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.InputStream;

/** Opens streams of gadget pods. Safe for concurrent use. */
@FunctionalInterface
interface StreamConnector {

  /**
   * Asks a pod for a stream.
   *
   * @return the connection, which may turn out to be refused only when it is read; closed by the
   *     caller
   * @throws RuntimeException if the pod cannot be reached
   */
  Connection connect(String pod, StreamRequest.Receive request);

  /** One stream. Closing it, by any thread, ends what is read. */
  interface Connection extends AutoCloseable {

    /** What the pod sends. */
    InputStream lines();

    /** What the pod's client said beside it, once it has ended; may be empty. */
    String complaint();

    @Override
    void close();
  }
}
