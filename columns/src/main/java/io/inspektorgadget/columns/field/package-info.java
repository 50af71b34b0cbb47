// SPDX-License-Identifier: Apache-2.0
/**
 * Fields as users name them: full names, column aliases, groups and selections of fields.
 *
 * <p>May depend on {@code model}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.field;

import org.jspecify.annotations.NullMarked;
