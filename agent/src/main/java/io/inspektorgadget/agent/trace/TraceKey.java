// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.trace.Trace;

/**
 * Which Trace.
 *
 * @param namespace its namespace
 * @param name its name there
 */
record TraceKey(String namespace, String name) {
  static TraceKey of(Trace trace) {
    return new TraceKey(trace.getMetadata().getNamespace(), trace.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
