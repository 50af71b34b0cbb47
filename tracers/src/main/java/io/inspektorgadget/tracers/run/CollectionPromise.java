// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.ContainerCollection;
import java.util.function.Supplier;

/**
 * Who the containers are, perhaps only in a moment: a collection that may still be starting. Safe
 * for concurrent use.
 */
@FunctionalInterface
public interface CollectionPromise extends Supplier<ContainerCollection> {

  /**
   * The collection, waited for.
   *
   * @throws RuntimeException if it could not be started, each time it is asked for
   */
  @Override
  ContainerCollection get();

  /** True once {@link #get} does not wait any more; also if it throws. */
  default boolean isReady() {
    return true;
  }
}
