// SPDX-License-Identifier: Apache-2.0
/**
 * Streams: the lines of a run, kept for readers, and the Unix socket from which they are read.
 *
 * <p>May depend on {@code columns}, {@code model}, {@code trace.stream} and the JDK.
 */
@NullMarked
package io.inspektorgadget.agent.stream;

import org.jspecify.annotations.NullMarked;
