// SPDX-License-Identifier: Apache-2.0
/**
 * What is said on a gadget pod's socket: the line that asks for a stream, and the control lines
 * between the events. Shared by the pod, which writes them, and by its readers.
 *
 * <p>May depend on the JDK, {@code model} and jackson-core.
 */
@NullMarked
package io.inspektorgadget.trace.stream;

import org.jspecify.annotations.NullMarked;
