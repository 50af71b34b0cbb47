// SPDX-License-Identifier: Apache-2.0
/**
 * Processes as /proc and their descriptors show them.
 *
 * <p>May depend on {@code kernel.host}, {@code kernel.io} and the JDK.
 */
@NullMarked
package io.inspektorgadget.kernel.proc;

import org.jspecify.annotations.NullMarked;
