// SPDX-License-Identifier: Apache-2.0
/**
 * Help texts, made from the same flags and the same catalog as the commands themselves.
 *
 * <p>May depend on {@code cli.flag}, {@code cli.terminal}, {@code model}, {@code columns.text} and
 * the JDK.
 */
@NullMarked
package io.inspektorgadget.cli.help;

import org.jspecify.annotations.NullMarked;
