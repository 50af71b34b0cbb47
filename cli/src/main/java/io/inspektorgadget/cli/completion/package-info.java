// SPDX-License-Identifier: Apache-2.0
/**
 * Completion scripts for bash, zsh and fish: everything that the catalog knows is written into the
 * script, so that a shell need not start the program to complete a word.
 *
 * <p>May depend on {@code cli.flag}, {@code columns.text} and the JDK.
 */
@NullMarked
package io.inspektorgadget.cli.completion;

import org.jspecify.annotations.NullMarked;
