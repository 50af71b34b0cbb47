// SPDX-License-Identifier: Apache-2.0
/**
 * One record of a gadget read through its schema.
 *
 * <p>May depend on {@code model} and the JDK. Nothing here allocates on the way of an event.
 */
@NullMarked
package io.inspektorgadget.tracers.event;

import org.jspecify.annotations.NullMarked;
