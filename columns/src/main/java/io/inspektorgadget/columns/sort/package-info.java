// SPDX-License-Identifier: Apache-2.0
/**
 * The order of rows of a snapshot or an interval.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.sort;

import org.jspecify.annotations.NullMarked;
