// SPDX-License-Identifier: Apache-2.0
/**
 * Tracers and Trace-Collection: from a wish to run a gadget to the events in its sink. Here objects
 * are loaded and attached, rings and maps read, filter maps kept up to date, and losses counted.
 *
 * <p>May depend on {@code kernel}, {@code model}, {@code containers} and the other packages of
 * tracers; knows no terminal and no Kubernetes.
 */
@NullMarked
package io.inspektorgadget.tracers.run;

import org.jspecify.annotations.NullMarked;
