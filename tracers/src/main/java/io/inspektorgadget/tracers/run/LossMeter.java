// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.model.event.EventSink;

/** Something that counts losses. Read by one thread: the run's event loop. */
interface LossMeter {

  /** Tells what was lost since the last call, if anything was. */
  void report(EventSink sink);
}
