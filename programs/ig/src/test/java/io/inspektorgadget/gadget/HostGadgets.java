// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Gadgets for all tests of a class, over the containers of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostGadgets {
  private @Nullable Gadgets opened;

  @BeforeAll
  final void open() {
    opened = new Gadgets();
  }

  @AfterAll
  final void close() {
    gadgets().close();
  }

  final Gadgets gadgets() {
    Gadgets gadgets = opened;
    if (gadgets == null) {
      throw new IllegalStateException("not started");
    }
    return gadgets;
  }
}
