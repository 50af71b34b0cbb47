// SPDX-License-Identifier: Apache-2.0
/**
 * Filters that users write, such as {@code proc.comm==nginx,error!=0}, parsed once and tested on
 * every event.
 *
 * <p>May depend on {@code model}, {@code columns.field}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.columns.filter;

import org.jspecify.annotations.NullMarked;
