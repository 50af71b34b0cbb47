// SPDX-License-Identifier: Apache-2.0
/**
 * Formatters: the texts that user space makes from numbers of the kernel (error names, times,
 * flags, stacks, containers).
 *
 * <p>May depend on {@code model}, {@code tracers.event}, {@code containers.identity}, {@code
 * kernel.symbols} and the JDK. A formatter writes into the event's buffer and allocates nothing,
 * except where it asks the host.
 */
@NullMarked
package io.inspektorgadget.tracers.format;

import org.jspecify.annotations.NullMarked;
