// SPDX-License-Identifier: Apache-2.0
/**
 * Flags: what a program offers, how arguments become values, and which values are refused.
 *
 * <p>One list of {@link io.inspektorgadget.cli.flag.Flag}s feeds the parser, the help and the
 * completion scripts. May depend on picocli, {@code columns.text}, {@code model} and the JDK;
 * picocli is used in this package only.
 */
@NullMarked
package io.inspektorgadget.cli.flag;

import org.jspecify.annotations.NullMarked;
