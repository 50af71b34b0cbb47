// SPDX-License-Identifier: Apache-2.0
/**
 * Events as rows of a table fitted to a width, and as a tree of processes.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.format}, {@code
 * columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.table;

import org.jspecify.annotations.NullMarked;
