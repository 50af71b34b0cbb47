// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli;

import io.inspektorgadget.model.gadget.Catalog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the catalog when it is first asked for, and keeps it. Single thread. */
final class CatalogOnce implements Supplier<Catalog> {
  private final Supplier<Catalog> source;
  private @Nullable Catalog catalog;

  CatalogOnce(Supplier<Catalog> source) {
    this.source = source;
  }

  @Override
  public Catalog get() {
    Catalog known = catalog;
    if (known == null) {
      known = source.get();
      catalog = known;
    }
    return known;
  }
}
