// SPDX-License-Identifier: Apache-2.0
/**
 * Events as JSON: nested groups with keys in alphabetical order, written by a plan that is made
 * once for a schema.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.format}, {@code
 * columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.json;

import org.jspecify.annotations.NullMarked;
