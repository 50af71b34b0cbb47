// SPDX-License-Identifier: Apache-2.0
/**
 * Programs of one page that embed Inspektor Gadget, one for each of its parts: Tracers,
 * Container-Collection, Trace-Collection and Columns.
 *
 * <p>May depend on {@code kernel}, {@code model}, {@code containers}, {@code tracers} and {@code
 * columns}; nothing depends on it. Each program uses no more than the part it shows needs.
 */
@NullMarked
package io.inspektorgadget.examples;

import org.jspecify.annotations.NullMarked;
