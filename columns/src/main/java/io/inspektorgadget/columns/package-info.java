// SPDX-License-Identifier: Apache-2.0
/**
 * Columns: events as tables, trees, histograms, JSON and YAML, filtered and sorted, as bytes.
 *
 * <p>The entrance is {@link io.inspektorgadget.columns.EventPrinter}. A width is a number here:
 * nothing in this module knows a terminal. May depend on {@code model}, the sub-packages and the
 * JDK; no sub-package depends on this one.
 */
@NullMarked
package io.inspektorgadget.columns;

import org.jspecify.annotations.NullMarked;
