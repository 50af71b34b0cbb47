// SPDX-License-Identifier: Apache-2.0
/**
 * A gadget's run as a terminal sees it: what was asked for, the printing of its events, its end and
 * the exit status.
 *
 * <p>May depend on {@code cli.flag}, {@code cli.terminal}, {@code columns}, {@code model} and the
 * JDK. Who really runs the gadget stands behind {@link io.inspektorgadget.cli.run.GadgetLauncher}.
 */
@NullMarked
package io.inspektorgadget.cli.run;

import org.jspecify.annotations.NullMarked;
