// SPDX-License-Identifier: Apache-2.0
/**
 * The whole way of an event, from a ring to printed bytes. Here, beside the pipeline's package,
 * because no module below this one sees both {@code tracers} and {@code columns}.
 *
 * <p>May depend on {@code tracers}, {@code columns} and what is below them, JUnit and AssertJ.
 */
@NullMarked
package io.inspektorgadget.tracers.run;

import org.jspecify.annotations.NullMarked;
