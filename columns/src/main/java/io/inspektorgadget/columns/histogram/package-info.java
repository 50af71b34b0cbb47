// SPDX-License-Identifier: Apache-2.0
/**
 * Histograms of powers of two drawn with characters.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.format}, {@code
 * columns.table}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.histogram;

import org.jspecify.annotations.NullMarked;
