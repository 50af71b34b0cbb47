// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

/**
 * Somebody's interest in containers. Closed by who subscribed; afterwards the listener is not
 * called again. Closing twice does nothing. Any thread may close it, its listener included.
 */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
