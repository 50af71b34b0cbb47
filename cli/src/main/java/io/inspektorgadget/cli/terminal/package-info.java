// SPDX-License-Identifier: Apache-2.0
/**
 * Standard output, standard error, the terminal behind them and the signals it sends.
 *
 * <p>May depend on {@code columns} (its sinks) and the JDK. Calls nothing native: the size of a
 * terminal comes from the launcher.
 */
@NullMarked
package io.inspektorgadget.cli.terminal;

import org.jspecify.annotations.NullMarked;
